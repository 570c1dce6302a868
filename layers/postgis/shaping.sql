-- Each statement makes shapes of shapes. Its parameters: $1 the shapes as EWKB,
-- $2 the EPSG code of the plane in which they are computed. It answers place
-- (the index of the shape that one was made of) and shape, the largest first.

-- name: given
-- What is worked on, in the plane. A shape that has no place there is null.
select arpent.transform(ST_GeomFromEWKB(bytes), $2::integer) as g, place
from unnest($1::bytea[]) with ordinality as u(bytes, place)

-- name: buffer
-- $3 metres on the ground, $4 how corners are gone round. A plane stretches:
-- 100 of its units at the shape are measured on the ellipsoid.
select place, ST_Buffer(g, $3::float8 * stretch, $4) as shape
from given, lateral (select ST_PointOnSurface(g) as c) as middle,
  lateral (select 100 / ST_Distance(ST_Transform(c, 4326)::geography, ST_Transform(ST_Translate(c, 100, 0), 4326)::geography) as stretch) as ground

-- name: offset
-- As buffer, of each line of the shape.
select place, ST_Collect(ST_OffsetCurve((line).geom, $3::float8 * stretch, $4) order by (line).path) as shape
from given, lateral ST_Dump(g) as line, lateral (select ST_PointOnSurface(g) as c) as middle,
  lateral (select 100 / ST_Distance(ST_Transform(c, 4326)::geography, ST_Transform(ST_Translate(c, 100, 0), 4326)::geography) as stretch) as ground
group by place

-- name: split
-- $3 the line as EWKB. Its ends were made a little longer, for those that lie on
-- a border; where it passes a corner closer than $4 it passes through it. Parts
-- that the line does not cut stay with the largest piece.
with blade as (
  select ST_Snap(line, ST_Points(g), $4::float8) as line, g
  from given, lateral (select arpent.transform(ST_GeomFromEWKB($3), $2::integer) as line) as drawn
),
piece as (
  select (part).path as part, (cut).geom as shape,
    row_number() over (partition by (part).path order by coalesce(nullif(ST_Area((cut).geom), 0), ST_Length((cut).geom)) desc) as nth
  from blade, lateral ST_Dump(g) as part, lateral ST_Dump(ST_Split((part).geom, line)) as cut
),
kept as (select ST_Collect(shape order by part) as shape from piece where nth = 1)
select 1::bigint as place, shape from (
  select shape, 0 as nth from kept
  union all
  select shape, row_number() over (order by coalesce(nullif(ST_Area(shape), 0), ST_Length(shape)) desc) from piece where nth > 1
) as parts order by nth

-- name: merge
select 1::bigint as place, case when ST_Dimension(ST_Collect(g)) = 1 then ST_LineMerge(ST_Union(g)) else ST_Union(g) end as shape from given

-- name: cut
-- $3 the area as EWKB.
select place, ST_Difference(g, arpent.transform(ST_GeomFromEWKB($3), $2::integer)) as shape from given

-- name: mend
select place, ST_CollectionExtract(ST_MakeValid(g, 'method=structure'), ST_Dimension(g) + 1) as shape from given

-- name: reshape area
-- $3 the line as EWKB, $4 as in split. The ring that it meets most often is that
-- whose course it changes. Line and ring together enclose faces: outside the
-- ring they are added, and of those inside the largest is kept.
with blade as (
  select ST_Snap(line, ST_Points(g), $4::float8) as line, g
  from given, lateral (select arpent.transform(ST_GeomFromEWKB($3), $2::integer) as line) as drawn
),
ring as (
  select (part).path as part, (ring).path[1] as nth, ST_ExteriorRing((ring).geom) as ring, line
  from blade, lateral ST_Dump(g) as part, lateral ST_DumpRings((part).geom) as ring
),
met as (
  select part, nth, ring, line from ring
  where ST_NPoints(ST_Intersection(ring, line)) > 1
  order by ST_NPoints(ST_Intersection(ring, line)) desc, nth limit 1
),
face as (
  select (face).geom as face, ST_Covers(ST_MakePolygon(ring), ST_PointOnSurface((face).geom)) as inside
  from met, lateral ST_Dump(ST_Polygonize(array[ST_UnaryUnion(ST_Collect(ring, line))])) as face
),
kept as (select face from face where inside order by ST_Area(face) desc limit 1),
joined as (
  select (whole).geom as solid from (select ST_Union(face) as g from (select face from kept union all select face from face where not inside) as f) as u,
    lateral ST_Dump(u.g) as whole, kept
  where ST_Area(ST_Intersection((whole).geom, face)) > 0
),
solid as (
  select part, nth, case when (part, nth) = (select part, nth from met) then (select solid from joined) else ST_MakePolygon(ring) end as solid from ring
),
part as (
  select part, coalesce(ST_Difference(ST_Union(solid) filter (where nth = 0), ST_Union(solid) filter (where nth > 0)), ST_Union(solid) filter (where nth = 0)) as shape
  from solid group by part
)
select 1::bigint as place, ST_CollectionExtract(ST_Collect(shape order by part), 3) as shape from part where exists (select from joined)

-- name: reshape line
-- Between the first and the last place where the new line meets the old, the
-- course is that of the new.
with blade as (
  select g, ST_Snap(line, ST_Points(g), $4::float8) as line
  from given, lateral (select arpent.transform(ST_GeomFromEWKB($3), $2::integer) as line) as drawn
),
met as (
  select part, old, line, min(at) as first, max(at) as last, (array_agg(place order by at))[1] as leaves, (array_agg(place order by at desc))[1] as returns
  from blade, lateral (select (dumped).path as part, (dumped).geom as old from (select ST_Dump(g) as dumped) as d) as parts,
    lateral ST_DumpPoints(ST_Intersection(old, line)) as point,
    lateral (select ST_LineLocatePoint(old, (point).geom) as at, ST_LineLocatePoint(line, (point).geom) as place) as located
  group by part, old, line
),
changed as (
  select part, ST_RemoveRepeatedPoints(ST_MakeLine(array[
    ST_LineSubstring(old, 0, first),
    case when leaves <= returns then ST_LineSubstring(line, leaves, returns) else ST_Reverse(ST_LineSubstring(line, returns, leaves)) end,
    ST_LineSubstring(old, last, 1)])) as shape
  from met where first < last order by last - first desc limit 1
)
select 1::bigint as place, ST_Collect(coalesce(changed.shape, (p).geom) order by (p).path) as shape
from given, lateral ST_Dump(g) as p left join changed on changed.part = (p).path
where exists (select from changed)
