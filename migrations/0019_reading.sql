-- +goose Up

-- +goose StatementBegin
-- A box in the CRS of a shape that holds all that is no further from it than
-- some metres on the ground: for an index, before the distance is measured.
-- A degree is 110,574 m of latitude at least; 2 % are added for the ellipsoid,
-- and the sides are cut, as they are arcs in the other CRS.
create function arpent.around(shape geometry, metres float8) returns geometry
  language sql immutable strict parallel safe set search_path = public, pg_temp
as $$
  select ST_Envelope(ST_Transform(ST_Segmentize(box, greatest(ST_XMax(box) - ST_XMin(box), 1e-6) / 16), ST_SRID(shape)))
  from ST_Transform(shape, 4326) as lonlat,
    lateral (select least(89, greatest(abs(ST_YMin(lonlat)), abs(ST_YMax(lonlat))) + metres / 110574) as latitude) as l,
    lateral ST_Expand(ST_Envelope(lonlat), metres * 1.02 / (110574 * cos(radians(latitude))), metres * 1.02 / 110574) as box
$$;
-- +goose StatementEnd

-- +goose Down
drop function arpent.around(geometry, float8);
