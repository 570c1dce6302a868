package town_test

import (
	"fmt"

	"arpent/geo/town"
)

func ExampleGenerate() {
	village, err := town.Generate(town.Options{Seed: 1, Inhabitants: 800, Code: "00042", Name: "Vieille-Combe"})
	if err != nil {
		fmt.Println(err)
		return
	}
	people := 0
	for _, a := range village.Addresses {
		people += a.Inhabitants
	}
	fmt.Println(village.Name, "has", people, "inhabitants; its first parcel is", village.Parcels[0].ID)
	// Output: Vieille-Combe has 800 inhabitants; its first parcel is 00042000AA0001
}
