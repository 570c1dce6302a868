-- +goose Up

-- The steps of a working set, so that an operation appends one row instead of
-- writing all of them again. By place: features, what a step made of them (WKB
-- in the CRS of the layer; null: taken away), and those that no step before it
-- touched as they were stored.
create table arpent.working_step (
  working_set bigint not null references arpent.working_set (id) on delete cascade,
  number      integer not null check (number > 0),
  operation   jsonb not null,
  drawn       bytea[] not null,   -- shapes that were given to the operation
  layers      text[] not null,
  features    text[] not null,
  after       bytea[] not null,
  base        bytea[] not null,
  details     jsonb not null,     -- a list: of which features it was made, its properties, its version when first touched
  primary key (working_set, number)
);

alter table arpent.working_set add column done integer not null default 0 check (done >= 0);
update arpent.working_set set done = (document ->> 'Done')::integer;

with step as (
  select w.id, w.layer, s.step, s.number::integer, w.document -> 'Base' as base
  from arpent.working_set w, jsonb_array_elements(case jsonb_typeof(w.document -> 'Steps') when 'array' then w.document -> 'Steps' else '[]' end) with ordinality as s (step, number)
),
touched as (
  select step.*, f.feature, row_number() over (partition by step.id, f.feature order by step.number) as time
  from step, lateral (
    select jsonb_object_keys(case jsonb_typeof(step.step -> 'Before') when 'object' then step.step -> 'Before' else '{}' end) as feature
    union
    select jsonb_object_keys(case jsonb_typeof(step.step -> 'After') when 'object' then step.step -> 'After' else '{}' end)
  ) as f
),
shaped as (
  select id, number, feature, layer, step,
    case jsonb_typeof(step #> array['After', feature]) when 'array' then
      ST_AsBinary(ST_GeomFromGeoJSON(jsonb_build_object('type', 'MultiPolygon', 'coordinates', step #> array['After', feature]))) end as after,
    case when time = 1 and base ? feature then
      ST_AsBinary(ST_GeomFromGeoJSON(jsonb_build_object('type', 'MultiPolygon', 'coordinates', base #> array[feature, 'Shape']))) end as base,
    jsonb_strip_nulls(jsonb_build_object(
      'from', (select jsonb_agg(jsonb_build_object('of', jsonb_build_object('layer', layer, 'id', of.id))) from jsonb_array_elements_text(step #> array['From', feature]) as of (id)),
      'base', case when time = 1 and base ? feature then jsonb_build_object(
        'version', base #> array[feature, 'Version'], 'collectivity', base #> array[feature, 'Collectivity'], 'label', base #> array[feature, 'Label']) end
    )) as detail
  from touched
)
insert into arpent.working_step (working_set, number, operation, drawn, layers, features, after, base, details)
select id, number, (step -> 'Operation') || jsonb_build_object('layer', layer),
  case step #>> '{Operation,kind}' when 'regain' then
    array[ST_AsBinary(ST_GeomFromGeoJSON(jsonb_build_object('type', 'MultiPolygon', 'coordinates', step #> '{Operation,region}')))] else '{}' end,
  array_agg(layer order by feature), array_agg(feature order by feature),
  array_agg(after order by feature), array_agg(base order by feature), jsonb_agg(detail order by feature)
from shaped group by id, number, step, layer;

alter table arpent.working_set drop column document;

-- +goose Down
-- Steps of networks and free layers cannot be kept as documents.
delete from arpent.working_set;
drop table arpent.working_step;
alter table arpent.working_set drop column done, add column document jsonb not null;
