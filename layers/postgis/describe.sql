-- The columns of relation $1 (a regclass), in order, with what the catalogs
-- say of them. Generated and identity-always columns cannot be written.
select
  a.attname,
  format_type(t.oid, null) as type,
  case when a.atttypmod > 4 and t.typname in ('varchar', 'bpchar') then a.atttypmod - 4 else 0 end as max_length,
  a.attnotnull,
  a.atthasdef or a.attidentity <> '' as has_default,
  coalesce((select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum), '') as fallback,
  a.attgenerated <> '' or a.attidentity = 'a' as generated,
  coalesce(col_description(a.attrelid, a.attnum), '') as comment,
  exists (select from pg_index i where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any (i.indkey)) as in_key,
  case when t.typname = 'geometry' then coalesce(nullif(postgis_typmod_srid(a.atttypmod), 0), 0) else 0 end as srid,
  case when t.typname = 'geometry' then coalesce(postgis_typmod_type(a.atttypmod), 'Geometry') else '' end as geometry_type,
  case when t.typname = 'geometry' then coalesce(postgis_typmod_dims(a.atttypmod), 2) else 0 end as dimensions,
  coalesce((select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid), '{}') as labels,
  coalesce((
    select pg_get_constraintdef(c.oid) from pg_constraint c
    where c.conrelid = a.attrelid and c.contype = 'c' and c.conkey = array[a.attnum]
      and pg_get_constraintdef(c.oid) like '%= ANY%' limit 1), '') as choice
from pg_attribute a
join pg_type t on t.oid = a.atttypid
where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped
order by a.attnum
