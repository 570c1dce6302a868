-- Changes that are visible now and were not at snapshot $1, with the snapshot
-- of now: one statement, so that both are of the same moment. A transaction with
-- more than $2 of them in a table is told as one change of it with one box.
with
  moment as materialized ( -- its position is how many transactions have ended
    select now::text as snapshot,
           left(pg_walfile_name(pg_current_wal_lsn()), 8) || ' ' || (select oid from pg_database where datname = current_database()) as place,
           pg_snapshot_xmax(now)::text::bigint - (select count(*) from pg_snapshot_xip(now)) as position
    from pg_current_snapshot() now
  ),
  unseen as materialized (
    select seq, txid, relation, feature, op, who, coalesce(collectivity, '') as collectivity, old_envelope, new_envelope
    from arpent.change
    where txid >= pg_snapshot_xmax($1::text::pg_snapshot)
       or txid = any (array(select pg_snapshot_xip($1::text::pg_snapshot))) -- ran then
  ),
  loads as ( -- transactions with many changes of a table for an owner
    select txid, relation, collectivity,
           max(seq) as seq, min(who) as who,
           ST_SetSRID(ST_Extent(ST_Collect(old_envelope, new_envelope))::geometry, max(ST_SRID(coalesce(new_envelope, old_envelope)))) as box
    from unseen
    group by txid, relation, collectivity
    having count(*) > $2
  ),
  told as (
    select seq, relation, feature, op, who, collectivity, old_envelope as old_box, new_envelope as new_box
    from unseen
    where (txid, relation, collectivity) not in (select txid, relation, collectivity from loads)
    union all
    select seq, relation, '', 'load', who, collectivity, null, box
    from loads
  ),
  boxed as ( -- with points on the sides, which are curved elsewhere; the box of a level line is a line
    select seq, relation, feature, op, who, collectivity,
           arpent.transform(ST_Segmentize(old_box, greatest((ST_Perimeter(old_box) + ST_Length(old_box)) / 64, 1e-6)), 3857) as old_box,
           arpent.transform(ST_Segmentize(new_box, greatest((ST_Perimeter(new_box) + ST_Length(new_box)) / 64, 1e-6)), 3857) as new_box
    from told
  )
select snapshot, place, position, seq, relation, feature, op, who, collectivity,
       ST_XMin(old_box), ST_YMin(old_box), ST_XMax(old_box), ST_YMax(old_box),
       ST_XMin(new_box), ST_YMin(new_box), ST_XMax(new_box), ST_YMax(new_box)
from moment left join boxed on true
order by seq
