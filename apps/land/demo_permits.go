package land

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"arpent/geo/town"
	"arpent/layers"
)

// The demo knows no clock: its permits end on this day.
var demoToday = time.Date(2026, 11, 15, 0, 0, 0, 0, time.UTC)

// parcelsPerPermit: a town of 15,000 has some 400 permits of seven years.
const parcelsPerPermit = 21

// kindsOfPermits, as often as they come, with their legal delays in months.
var kindsOfPermits = []struct {
	kind, series string
	delay        int
	subject      string
}{
	{"DP", "DP", 1, "Clôture et portail"}, {"DP", "DP", 1, "Ravalement de façade"}, {"DP", "DP", 1, "Abri de jardin"}, {"DP", "DP", 1, "Panneaux photovoltaïques"},
	{"PCMI", "PC", 2, "Maison individuelle"}, {"PCMI", "PC", 2, "Extension d'une maison"}, {"PC", "PC", 3, "Hangar agricole"}, {"PC", "PC", 3, "Immeuble de logements"},
	{"CUa", "CU", 1, "Certificat d'information"}, {"CUa", "CU", 1, "Certificat d'information"}, {"CUb", "CU", 2, "Construction d'une maison"},
	{"PD", "PD", 2, "Démolition d'une grange"}, {"PA", "PA", 3, "Lotissement"},
}

// loadPermits stores permits of some parcels of the town, with applicants and
// consultations. Their shapes are those of their parcels joined.
func loadPermits(ctx context.Context, service *layers.Service, v layers.Viewer, t *town.Town, seed uint64) error {
	r := &records{town: t, random: rand.New(rand.NewPCG(seed, 0x9e12))}
	addresses := parcelAddresses(t)
	instructors := []int{}
	for _, family := range families[:3] {
		instructors = append(instructors, r.add("land.instructors", nil, map[string]any{"name": family + " " + r.one(firstNames)}, nil))
	}
	services, err := servicesOf(ctx, service, v)
	if err != nil {
		return err
	}
	sequence := map[string]int{}
	for range len(t.Parcels) / parcelsPerPermit {
		if err := r.permit(ctx, service, v, addresses, instructors, services, sequence); err != nil {
			return err
		}
	}
	return r.store(ctx, service, v)
}

// servicesOf are the identifiers of the services that are consulted.
func servicesOf(ctx context.Context, service *layers.Service, v layers.Viewer) ([]int, error) {
	features, err := service.Features(ctx, v, "land.services", layers.Query{Sort: "code"})
	if err != nil {
		return nil, err
	}
	var ids []int
	for f, err := range features {
		if err != nil {
			return nil, err
		}
		id, err := strconv.Atoi(f.ID)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func (r *records) permit(ctx context.Context, service *layers.Service, v layers.Viewer, addresses map[int]any, instructors []int, services []int, sequence map[string]int) error {
	kind := kindsOfPermits[r.random.IntN(len(kindsOfPermits))]
	at := r.random.IntN(len(r.town.Parcels))
	parcels := []int{at}
	if next := at + 1; r.random.IntN(5) == 0 && next < len(r.town.Parcels) && r.town.Parcels[next].Block == r.town.Parcels[at].Block {
		parcels = append(parcels, next)
	}
	ids, area := []string{}, 0
	for _, p := range parcels {
		ids, area = append(ids, r.town.Parcels[p].ID), area+r.town.Parcels[p].RegisteredArea
	}
	shape, err := service.Gather(ctx, v, "land.parcels", ids, layers.Union, 0)
	if err != nil {
		return fmt.Errorf("joining the parcels of a permit: %w", err)
	}
	heritage := r.random.IntN(6) == 0
	properties, submitted := r.course(kind.delay, heritage)
	series := fmt.Sprintf("%s %s %s %02d", kind.series, "0"+r.town.Code[:2], r.town.Code[2:], submitted.Year()%100)
	sequence[series]++
	properties["kind"], properties["file_number"] = kind.kind, fmt.Sprintf("%s %05d", series, sequence[series])
	properties["description"], properties["address"], properties["ground_area"], properties["heritage"] = kind.subject, addresses[at], area, heritage
	switch kind.kind {
	case "PCMI":
		properties["destination"], properties["dwellings"], properties["floor_created"] = "housing", 1, 60+r.random.IntN(120)
	case "PC":
		properties["destination"], properties["floor_created"] = "farming", 200+r.random.IntN(600)
	}
	permit := r.add("land.permits", shape, properties, map[string]int{"instructor": instructors[r.random.IntN(len(instructors))]})
	for _, id := range ids {
		r.add("land.permit_parcels", nil, map[string]any{"parcel": id}, map[string]int{"permit": permit})
	}
	applicant := r.add("land.applicants", nil, map[string]any{"kind": "natural", "name": r.one(families), "first_names": r.one(firstNames), "city": r.town.Name}, nil)
	r.add("land.permit_applicants", nil, map[string]any{"role": "applicant"}, map[string]int{"permit": permit, "applicant": applicant})
	if kind.delay > 1 && len(services) > 0 {
		for i := range 1 + r.random.IntN(2) {
			r.consultation(permit, services[(at+i)%len(services)], submitted)
		}
	}
	return nil
}

// course is how far a file came, from the day on which it was submitted.
func (r *records) course(delay int, heritage bool) (map[string]any, time.Time) {
	if heritage {
		delay++
	}
	submitted := demoToday.AddDate(0, 0, -r.random.IntN(7*365))
	submitted = submitted.AddDate(0, 0, -max(0, submitted.Day()-28)) // that a month later is the same day
	complete := submitted.AddDate(0, 0, r.random.IntN(40))
	complete = complete.AddDate(0, 0, -max(0, complete.Day()-28))
	limit := complete.AddDate(0, delay, 0)
	properties := map[string]any{"submitted_on": submitted.Format(time.DateOnly)}
	put := func(name string, day time.Time) bool {
		if day.After(demoToday) {
			return false
		}
		properties[name] = day.Format(time.DateOnly)
		return true
	}
	if !put("complete_on", complete) {
		return properties, submitted
	}
	properties["decision_limit_on"] = limit.Format(time.DateOnly)
	decided := limit.AddDate(0, 0, -r.random.IntN(20))
	if !put("decision_on", decided) {
		return properties, submitted
	}
	decision := r.one([]string{"granted", "granted", "granted", "conditions", "conditions", "refused", "withdrawn"})
	properties["decision"] = decision
	if decision == "refused" || decision == "withdrawn" || !put("displayed_on", decided.AddDate(0, 0, 5)) {
		return properties, submitted
	}
	opened := decided.AddDate(0, 2+r.random.IntN(10), 0)
	if put("works_opened_on", opened) && put("works_completed_on", opened.AddDate(0, 6+r.random.IntN(12), 0)) && r.random.IntN(2) == 0 {
		put("conformity_on", opened.AddDate(0, 22, 0))
	}
	return properties, submitted
}

func (r *records) consultation(permit int, service int, submitted time.Time) {
	asked := submitted.AddDate(0, 0, 10)
	properties := map[string]any{"service": service, "asked_on": asked.Format(time.DateOnly), "due_on": asked.AddDate(0, 1, 0).Format(time.DateOnly)}
	if answered := asked.AddDate(0, 0, 5+r.random.IntN(40)); !answered.After(demoToday) {
		properties["answered_on"] = answered.Format(time.DateOnly)
		properties["opinion"] = r.one([]string{"favourable", "favourable", "conditions", "unfavourable", "tacit"})
	}
	r.add("land.consultations", nil, properties, map[string]int{"permit": permit})
}
