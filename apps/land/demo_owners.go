package land

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"

	"arpent/geo/town"
	"arpent/layers"
)

// The people of the synthetic town are made up: their names are put together
// from these, whoever bears them.
var (
	families   = []string{"Aubervent", "Boisclair", "Cazelune", "Dourmagne", "Estrevin", "Fontolive", "Garrigal", "Hauterive", "Isambart", "Jolivoux", "Kerdrain", "Lavaublanche", "Montfraise", "Navaudet", "Ormessan", "Pélicorne", "Quintefeuille", "Rivesalte", "Sautemouche", "Tournesac", "Ursival", "Valdoré", "Wimberge", "Yvernois"}
	firstNames = []string{"Adèle", "Bastien", "Clémence", "Damien", "Élise", "Fabien", "Gaëlle", "Hugo", "Inès", "Jules", "Karine", "Louis", "Maëlle", "Noé", "Odile", "Paul", "Rose", "Simon", "Thaïs", "Victor"}
	companies  = []string{"SCI du Moulin", "SCI Les Tilleuls", "GFA de la Plaine", "Foncière du Vieux Pont", "SARL Bâti Valontaine", "Office public de l'habitat"}
)

// ownedTogether is how many parcels one transaction of owners is about: the
// records of a large town do not fit into memory at once.
const ownedTogether = 4000

// records puts the edits of the demo together.
type records struct {
	town   *town.Town
	random *rand.Rand
	edits  []layers.Edit
}

// add adds a record and returns its place, by which others refer to it.
func (r *records) add(layer string, shape geom.T, properties map[string]any, refer map[string]int) int {
	if shape != nil {
		layers.SetSRID(shape, srid)
	}
	r.edits = append(r.edits, layers.Edit{
		Op: layers.Create, Layer: layer, Collectivity: r.town.Code, Geometry: shape, Properties: properties, Refer: refer, At: layer,
	})
	return len(r.edits) - 1
}

// store writes what was put together and begins anew.
func (r *records) store(ctx context.Context, service *layers.Service, v layers.Viewer) error {
	if len(r.edits) == 0 {
		return nil
	}
	_, err := service.Transact(ctx, v, layers.Transaction{Edits: r.edits})
	r.edits = nil
	if err != nil {
		return fmt.Errorf("loading the land records of %s: %w", r.town.Name, err)
	}
	return nil
}

func (r *records) one(of []string) string { return of[r.random.IntN(len(of))] }

// loadOwners gives every parcel of the town an account with owners, some of
// them premises, lots, subdivisions and boundary stones.
func loadOwners(ctx context.Context, service *layers.Service, v layers.Viewer, t *town.Town, seed uint64) error {
	r := &records{town: t, random: rand.New(rand.NewPCG(seed, 0x0577))}
	addresses := parcelAddresses(t)
	number := 0
	for at := 0; at < len(t.Parcels); {
		// Neighbours by number often have the same owner, more so in the fields.
		together := 1
		if addresses[at] == nil {
			together += r.random.IntN(4)
		}
		number++
		account := r.account(number)
		for range min(together, len(t.Parcels)-at) {
			r.parcel(at, account, addresses[at])
			at++
		}
		if len(r.edits) > ownedTogether {
			if err := r.store(ctx, service, v); err != nil {
				return err
			}
		}
	}
	return r.store(ctx, service, v)
}

// account makes an account with its owners: one, a couple, heirs, or who has
// the use and who the bare property. Shares of a right add up to the whole.
func (r *records) account(number int) int {
	account := r.add("land.accounts", nil, map[string]any{"number": fmt.Sprintf("%c%05d", 'A'+number%26, number)}, nil)
	holds := func(owner int, right string, share int) {
		r.add("land.account_owners", nil, map[string]any{"right_code": right, "numerator": 1, "denominator": share}, map[string]int{"account": account, "owner": owner})
	}
	family := r.one(families)
	switch kind := r.random.IntN(20); {
	case kind == 0:
		holds(r.company(), "P", 1)
	case kind < 9:
		holds(r.person(family), "P", 1)
	case kind < 16:
		holds(r.person(family), "P", 2)
		holds(r.person(family), "P", 2)
	case kind < 18:
		for range 3 {
			holds(r.person(family), "P", 3)
		}
	default:
		holds(r.person(family), "U", 1)
		holds(r.person(family), "N", 1)
	}
	return account
}

func (r *records) person(family string) int {
	return r.add("land.owners", nil, map[string]any{
		"kind": "natural", "title": r.one([]string{"m", "mrs"}), "name": family, "first_names": r.one(firstNames),
		"born_on": fmt.Sprintf("%d-%02d-%02d", 1935+r.random.IntN(65), 1+r.random.IntN(12), 1+r.random.IntN(28)), "born_at": r.town.Name, "city": r.town.Name,
	}, nil)
}

func (r *records) company() int {
	return r.add("land.owners", nil, map[string]any{
		"kind": "legal", "name": r.one(companies), "legal_form": r.one([]string{"SCI", "SARL", "Établissement public"}),
		"siren": fmt.Sprintf("%09d", 900_000_000+r.random.IntN(99_999_999)), "city": r.town.Name,
	}, nil)
}

// parcel puts a parcel into an account and adds what else is known of it.
func (r *records) parcel(at, account int, address any) {
	p := &r.town.Parcels[at]
	r.add("land.parcel_accounts", nil, map[string]any{"parcel": p.ID}, map[string]int{"account": account})
	switch {
	case address == nil && r.random.IntN(3) == 0:
		culture := []string{"01", "01", "02", "03", "05", "06", "09"}[r.random.IntN(7)]
		r.add("land.tax_subdivisions", multiPolygon(p.Geometry), map[string]any{"parcel": p.ID, "letter": "a", "culture": culture, "area": p.RegisteredArea}, nil)
	case address != nil && r.random.IntN(5) == 0:
		r.add("land.premises", nil, map[string]any{"parcel": p.ID, "kind": "house", "invariant": fmt.Sprintf("%010d", at), "building": "A", "level": "00", "address": address}, map[string]int{"account": account})
	case address != nil && r.random.IntN(150) == 0:
		for lot := range 6 {
			r.add("land.condominium_lots", nil, map[string]any{"parcel": p.ID, "number": fmt.Sprint(lot + 1), "numerator": 1, "denominator": 6}, map[string]int{"account": account})
			r.add("land.premises", nil, map[string]any{"parcel": p.ID, "kind": "flat", "building": "A", "level": fmt.Sprintf("%02d", lot/2), "door": fmt.Sprint(lot%2 + 1), "address": address}, map[string]int{"account": account})
		}
	}
	if r.random.IntN(30) == 0 {
		r.stone(p.Geometry[0][r.random.IntN(len(p.Geometry[0])-1)])
	}
}

func (r *records) stone(at orb.Point) {
	r.add("land.boundary_stones", point(at), map[string]any{
		"kind": r.one([]string{"stone", "stone", "nail", "stake"}), "placed_on": fmt.Sprintf("%d-06-15", 1990+r.random.IntN(35)), "surveyor": "Cabinet " + r.one(families),
	}, nil)
}
