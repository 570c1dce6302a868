-- +goose Up
-- Local plans by the CNIG standard PLU; the names and codes of its attributes
-- are kept, in small letters.
create schema planning;

create table planning.prescription_types (code text primary key check (code ~ '^[0-9]{2}$'), name text not null, name_en text not null, valid_until date);
insert into planning.prescription_types (code, name, name_en) values
  ('01', 'Espace boisé classé', 'Classified woodland'),
  ('02', 'Secteur avec conditions spéciales de constructibilité (nuisances, risques)', 'Building restricted by nuisance or risk'),
  ('03', 'Secteur à interdiction de construire', 'Building forbidden'),
  ('04', 'Périmètre issu des PDU', 'Perimeter of the mobility plan'),
  ('05', 'Emplacement réservé', 'Reserved site'),
  ('06', 'Secteur à densité maximale', 'Maximum density'),
  ('07', 'Patrimoine bâti, paysager ou éléments de paysages à protéger', 'Heritage or landscape to protect'),
  ('08', 'Terrain cultivé ou non bâti à protéger en zone urbaine', 'Cultivated land to protect in town'),
  ('09', 'Emplacement réservé logement social ou mixité sociale', 'Site reserved for social housing'),
  ('10', 'Secteur avec disposition de reconstruction ou démolition', 'Rebuilding or demolition'),
  ('11', 'Limites particulières d''implantation des constructions', 'Particular building lines'),
  ('12', 'Secteur de projet en attente d''un projet d''aménagement', 'Awaiting a development project'),
  ('13', 'Zone à aménager pour la pratique du ski', 'Ski area'),
  ('14', 'Secteur de plan de masse', 'Layout plan'),
  ('15', 'Règles d''implantation des constructions', 'Rules of siting'),
  ('16', 'Constructions et installations nécessaires, STECAL, changement de destination', 'Limited building areas, changes of use'),
  ('17', 'Secteur à programme de logements, mixité sociale', 'Housing programme'),
  ('18', 'Secteur comportant des orientations d''aménagement et de programmation', 'Planning and development guidelines'),
  ('19', 'Secteur protégé en raison de la richesse du sol et du sous-sol', 'Protected soil and subsoil'),
  ('20', 'Secteur à transfert de constructibilité', 'Transfer of building rights'),
  ('21', 'Terrain concerné par la localisation d''équipements', 'Location of facilities'),
  ('22', 'Secteur de diversité commerciale à protéger', 'Diversity of shops to protect'),
  ('23', 'Secteur avec taille minimale des logements', 'Minimum size of dwellings'),
  ('24', 'Voies, chemins, transports publics à conserver et à créer', 'Ways to keep or create'),
  ('25', 'Éléments de continuité écologique et trame verte et bleue', 'Ecological continuity'),
  ('26', 'Secteur de performance énergétique', 'Energy performance'),
  ('27', 'Secteur d''aménagement numérique', 'Digital infrastructure'),
  ('28', 'Conditions de desserte', 'Conditions of access'),
  ('29', 'Secteur avec densité minimale', 'Minimum density'),
  ('30', 'Majoration des volumes constructibles', 'Increase of building volume'),
  ('31', 'Espaces remarquables du littoral', 'Remarkable coastal areas'),
  ('32', 'Exclusion de la protection des plans d''eau', 'Exclusion from lake protection'),
  ('33', 'Secteur de dérogation aux protections des rives', 'Exception to shore protection'),
  ('34', 'Espaces, paysages et milieux caractéristiques', 'Characteristic landscapes'),
  ('35', 'Secteur à conditions d''ouverture à l''urbanisation', 'Conditions for opening to building'),
  ('36', 'Mixité des destinations ou sous-destinations', 'Mix of uses'),
  ('37', 'Règles différenciées entre le rez-de-chaussée et les étages', 'Rules for ground floor and storeys'),
  ('38', 'Emprise au sol', 'Footprint'),
  ('39', 'Hauteur', 'Height'),
  ('40', 'Volumétrie', 'Massing'),
  ('41', 'Aspect extérieur', 'Appearance'),
  ('42', 'Coefficient de biotope par surface', 'Biotope coefficient'),
  ('43', 'Réalisation d''espaces libres et plantations', 'Open space and planting'),
  ('44', 'Stationnement', 'Parking'),
  ('45', 'Secteur de protection et de mise en valeur', 'Protection and enhancement'),
  ('46', 'Constructibilité d''un espace boisé antérieur', 'Building on former woodland'),
  ('47', 'Desserte par les voies publiques ou privées', 'Access by road'),
  ('48', 'Mesures pour limiter l''imperméabilisation des sols', 'Limits to sealing the soil'),
  ('49', 'Opération d''ensemble imposée', 'Comprehensive operation required'),
  ('50', 'Interdiction de types d''activités ou de constructions', 'Activities or buildings forbidden'),
  ('51', 'Autorisation sous conditions', 'Allowed under conditions'),
  ('97', 'Périmètre d''application d''une pièce écrite', 'Perimeter of a written part'),
  ('98', 'Périmètre d''annulation partielle', 'Partly annulled'),
  ('99', 'Autre', 'Other');

create table planning.information_types (code text primary key check (code ~ '^[0-9]{2}$'), name text not null, name_en text not null, valid_until date);
insert into planning.information_types (code, name, name_en) values
  ('01', 'Secteur sauvegardé, site patrimonial remarquable', 'Conservation area'),
  ('02', 'Zone d''aménagement concerté', 'Comprehensive development zone'),
  ('03', 'Zone de préemption dans un espace naturel et sensible', 'Pre-emption in sensitive areas'),
  ('04', 'Périmètre de droit de préemption urbain', 'Urban pre-emption'),
  ('05', 'Zone d''aménagement différé', 'Deferred development zone'),
  ('07', 'Périmètre de développement prioritaire, économie d''énergie', 'Priority development'),
  ('08', 'Périmètre forestier', 'Forest perimeter'),
  ('09', 'Périmètre minier de concession', 'Mining concession'),
  ('10', 'Zone de recherche et d''exploitation de carrières', 'Quarries'),
  ('11', 'Périmètre des zones délimitées, divisions foncières', 'Divisions subject to declaration'),
  ('12', 'Périmètre de sursis à statuer', 'Stay of decision'),
  ('13', 'Secteur de programme d''aménagement d''ensemble', 'Overall development programme'),
  ('14', 'Périmètre de voisinage d''infrastructure de transport terrestre', 'Noise of roads and railways'),
  ('15', 'Zone agricole protégée', 'Protected farmland'),
  ('16', 'Site archéologique', 'Archaeological site'),
  ('17', 'Zone à risque d''exposition au plomb', 'Lead exposure'),
  ('19', 'Zone d''assainissement collectif ou non, eaux usées et pluviales', 'Sewerage zones'),
  ('20', 'Règlement local de publicité', 'Local rules of advertising'),
  ('21', 'Projet de plan de prévention des risques', 'Draft of a risk prevention plan'),
  ('22', 'Protection des rives des plans d''eau', 'Protection of lake shores'),
  ('23', 'Arrêté du préfet coordonnateur de massif', 'Order for mountain areas'),
  ('25', 'Périmètre de protection des espaces agricoles et naturels périurbains', 'Protection of peri-urban land'),
  ('26', 'Lotissement', 'Subdivision'),
  ('27', 'Plan d''exposition au bruit des aérodromes', 'Aerodrome noise'),
  ('30', 'Périmètre de projet urbain partenarial', 'Urban project partnership'),
  ('31', 'Périmètre patrimonial d''exclusion', 'Heritage exclusion'),
  ('32', 'Périmètre de bonification', 'Bonus perimeter'),
  ('33', 'Site inscrit, zone humide et autres inventaires', 'Inventories'),
  ('34', 'Périmètre d''association foncière urbaine', 'Land association'),
  ('35', 'Secteur d''information sur les sols', 'Soil information'),
  ('36', 'Projet d''intérêt général', 'Project of general interest'),
  ('37', 'Droit de préemption commercial', 'Commercial pre-emption'),
  ('38', 'Obligations légales de débroussaillement', 'Clearing of undergrowth'),
  ('40', 'Périmètre d''un bien inscrit au patrimoine mondial', 'World Heritage'),
  ('97', 'Périmètre d''application d''une pièce écrite', 'Perimeter of a written part'),
  ('98', 'Périmètre d''annulation partielle', 'Partly annulled'),
  ('99', 'Autre', 'Other');

-- DOC_URBA
create table planning.documents (
  id           bigint generated by default as identity primary key,
  collectivity text not null references arpent.collectivity,
  idurba       text not null check (idurba <> ''),
  typedoc      text not null default 'PLU' check (typedoc in ('PLU', 'PLUi', 'POS', 'CC', 'PSMV', 'PLUS', 'PLUiS')),
  etat         text not null default '03' check (etat in ('01', '02', '03', '04', '05', '06', '07', '08')),
  nomproc      text,
  datappro     date,
  datefin      date,
  siren        text,
  nomreg       text, urlreg text,
  nomplan      text, urlplan text,
  urlpe        text, siteweb text,
  typeref      text check (typeref in ('01', '02', '03')),
  dateref      date,
  notes        text,
  unique (collectivity, idurba)
);

-- ZONE_URBA
create table planning.zones (
  id           bigint generated by default as identity primary key,
  collectivity text not null references arpent.collectivity,
  libelle      text not null check (libelle <> ''),
  libelong     text,
  typezone     text not null check (typezone in ('U', 'AUc', 'AUs', 'A', 'N', 'Ah', 'Nh', 'Nd')),
  destdomi     text check (destdomi in ('00', '01', '02', '03', '04', '05', '06', '07', '08', '99')),
  nomfic       text, urlfic text,
  idurba       text,
  datappro     date,
  datvalid     date,
  geom         geometry(MultiPolygon, 2154)
);
create index zones_geom on planning.zones using gist (geom);
create index zones_collectivity on planning.zones (collectivity);

create table planning.prescriptions_surf (
  id           bigint generated by default as identity primary key,
  collectivity text not null references arpent.collectivity,
  libelle      text not null check (libelle <> ''),
  txt          text,
  typepsc      text not null references planning.prescription_types,
  stypepsc     text check (stypepsc ~ '^[0-9]{2}$'),
  nomfic       text, urlfic text,
  idurba       text,
  datvalid     date,
  geom         geometry(MultiPolygon, 2154)
);
create index prescriptions_surf_geom on planning.prescriptions_surf using gist (geom);
create index prescriptions_surf_collectivity on planning.prescriptions_surf (collectivity);
create index prescriptions_surf_type on planning.prescriptions_surf (typepsc);

create table planning.prescriptions_lin (
  id           bigint generated by default as identity primary key,
  collectivity text not null references arpent.collectivity,
  libelle      text not null check (libelle <> ''),
  txt          text,
  typepsc      text not null references planning.prescription_types,
  stypepsc     text check (stypepsc ~ '^[0-9]{2}$'),
  nomfic       text, urlfic text,
  idurba       text,
  datvalid     date,
  geom         geometry(MultiLineString, 2154)
);
create index prescriptions_lin_geom on planning.prescriptions_lin using gist (geom);
create index prescriptions_lin_collectivity on planning.prescriptions_lin (collectivity);
create index prescriptions_lin_type on planning.prescriptions_lin (typepsc);

create table planning.prescriptions_pct (
  id           bigint generated by default as identity primary key,
  collectivity text not null references arpent.collectivity,
  libelle      text not null check (libelle <> ''),
  txt          text,
  typepsc      text not null references planning.prescription_types,
  stypepsc     text check (stypepsc ~ '^[0-9]{2}$'),
  nomfic       text, urlfic text,
  idurba       text,
  datvalid     date,
  geom         geometry(MultiPoint, 2154)
);
create index prescriptions_pct_geom on planning.prescriptions_pct using gist (geom);
create index prescriptions_pct_collectivity on planning.prescriptions_pct (collectivity);
create index prescriptions_pct_type on planning.prescriptions_pct (typepsc);

create table planning.information_surf (
  id           bigint generated by default as identity primary key,
  collectivity text not null references arpent.collectivity,
  libelle      text not null check (libelle <> ''),
  txt          text,
  typeinf      text not null references planning.information_types,
  stypeinf     text check (stypeinf ~ '^[0-9]{2}$'),
  nomfic       text, urlfic text,
  idurba       text,
  datvalid     date,
  geom         geometry(MultiPolygon, 2154)
);
create index information_surf_geom on planning.information_surf using gist (geom);
create index information_surf_collectivity on planning.information_surf (collectivity);
create index information_surf_type on planning.information_surf (typeinf);

create table planning.information_lin (
  id           bigint generated by default as identity primary key,
  collectivity text not null references arpent.collectivity,
  libelle      text not null check (libelle <> ''),
  txt          text,
  typeinf      text not null references planning.information_types,
  stypeinf     text check (stypeinf ~ '^[0-9]{2}$'),
  nomfic       text, urlfic text,
  idurba       text,
  datvalid     date,
  geom         geometry(MultiLineString, 2154)
);
create index information_lin_geom on planning.information_lin using gist (geom);
create index information_lin_collectivity on planning.information_lin (collectivity);
create index information_lin_type on planning.information_lin (typeinf);

create table planning.information_pct (
  id           bigint generated by default as identity primary key,
  collectivity text not null references arpent.collectivity,
  libelle      text not null check (libelle <> ''),
  txt          text,
  typeinf      text not null references planning.information_types,
  stypeinf     text check (stypeinf ~ '^[0-9]{2}$'),
  nomfic       text, urlfic text,
  idurba       text,
  datvalid     date,
  geom         geometry(MultiPoint, 2154)
);
create index information_pct_geom on planning.information_pct using gist (geom);
create index information_pct_collectivity on planning.information_pct (collectivity);
create index information_pct_type on planning.information_pct (typeinf);

-- Servitudes d'utilité publique
create table planning.easements (
  id           bigint generated by default as identity primary key,
  collectivity text not null references arpent.collectivity,
  suptype      text not null check (suptype ~ '^[A-Z]{1,4}[0-9]{0,2}[a-z]*$'),
  nomsup       text not null,
  description  text,
  act_on       date,
  manager      text,
  nomfic       text, urlfic text,
  geom         geometry(MultiPolygon, 2154)
);
create index easements_geom on planning.easements using gist (geom);
create index easements_collectivity on planning.easements (collectivity);

-- +goose Down
drop schema planning cascade;
