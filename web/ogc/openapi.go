package ogc

import (
	"net/http"

	"arpent/layers"
	"arpent/web/auth"
)

type object = map[string]any

// api answers the OpenAPI 3.0 definition of the collections that the viewer
// may read.
func (s *Server) api(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r, "f"); err != nil {
		return err
	}
	v := auth.Viewer(r.Context())
	lang := language(r)
	paths := object{
		"/":            object{"get": operation("getLandingPage", "Landing page", response("Links to the resources", mediaJSON, object{"type": "object"}))},
		"/conformance": object{"get": operation("getConformance", "Conformance classes", response("Classes", mediaJSON, object{"type": "object"}))},
		"/collections": object{"get": operation("getCollections", "Collections", response("All collections", mediaJSON, object{"type": "object"}))},
	}
	schemas := object{"problem": object{"type": "object", "properties": object{
		"title": object{"type": "string"}, "status": object{"type": "integer"}, "detail": object{"type": "string"},
		"errors": object{"type": "array", "items": object{"type": "object", "properties": object{"location": object{"type": "string"}, "message": object{"type": "string"}}}},
	}}}
	for _, l := range s.Layers.Catalog().Readable(v) {
		schemas[l.ID] = featureSchema(l, v, lang)
		s.collectionPaths(paths, l, v, lang)
	}
	return writeJSON(w, r, mediaOpenAPI, object{
		"openapi": "3.0.3",
		"info":    object{"title": "Arpent", "version": "1.0.0", "description": "OGC API Features over the layers of the town"},
		"servers": []object{{"url": baseURL(r) + "/ogc"}},
		"paths":   paths,
		"components": object{
			"schemas": schemas,
			"securitySchemes": object{
				"token": object{"type": "http", "scheme": "bearer"},
				"basic": object{"type": "http", "scheme": "basic", "description": "login and token"},
			},
			"parameters": object{
				"f":     object{"name": "f", "in": "query", "required": false, "description": "Format", "schema": object{"type": "string", "enum": []string{"json"}}},
				"after": object{"name": "after", "in": "query", "required": false, "description": "Place in the list where the page begins: as the link next gives it", "schema": object{"type": "string"}},
				"limit": object{"name": "limit", "in": "query", "required": false, "style": "form", "explode": false, "description": "Features in a page",
					"schema": object{"type": "integer", "minimum": 1, "maximum": maxLimit, "default": defaultLimit}},
				"bbox": object{"name": "bbox", "in": "query", "required": false, "style": "form", "explode": false, "description": "Only features that meet the box",
					"schema": object{"type": "array", "oneOf": []object{{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}}, "items": object{"type": "number"}}},
				"datetime": object{"name": "datetime", "in": "query", "required": false, "style": "form", "explode": false, "description": "A moment: the features as they were then, for whoever has signed in. An interval is met by all features",
					"schema": object{"type": "string"}},
				"crs":      object{"name": "crs", "in": "query", "required": false, "schema": object{"type": "string", "format": "uri", "default": crs84}},
				"bbox-crs": object{"name": "bbox-crs", "in": "query", "required": false, "schema": object{"type": "string", "format": "uri", "default": crs84}},
				"id":       object{"name": "id", "in": "path", "required": true, "schema": object{"type": "string"}},
				"if-match": object{"name": "If-Match", "in": "header", "required": false, "description": "ETag of the feature as it was read", "schema": object{"type": "string"}},
			},
		},
		"security": []object{{}, {"token": []string{}}, {"basic": []string{}}},
	})
}

// collectionPaths adds the paths of a collection.
func (s *Server) collectionPaths(paths object, l *layers.Layer, v layers.Viewer, lang string) {
	title := l.Title.In(lang)
	feature := object{"$ref": "#/components/schemas/" + l.ID}
	collection := object{"type": "object", "properties": object{"features": object{"type": "array", "items": feature}}}
	paths["/collections/"+l.ID] = object{"get": operation("describe."+l.ID, title, response("The collection", mediaJSON, object{"type": "object"}))}

	parameters := refs("f", "limit", "bbox", "datetime", "crs", "bbox-crs", "after")
	for _, f := range v.Fields(l) {
		parameters = append(parameters, object{"name": f.Name, "in": "query", "required": false, "style": "form", "explode": false,
			"description": f.Label.In(lang), "schema": object{"type": jsonType(f)}})
	}
	items := operation("list."+l.ID, title, response("Features", mediaGeoJSON, collection))
	items["parameters"] = parameters
	item := operation("get."+l.ID, title, response("A feature", mediaGeoJSON, feature))
	item["parameters"] = refs("id", "f", "crs")
	itemsPath, itemPath := object{"get": items}, object{"get": item}
	if !l.Source.ReadOnly {
		body := func(media string) object {
			return object{"required": true, "content": object{media: object{"schema": feature}}}
		}
		create := operation("create."+l.ID, "Create a feature", object{"201": object{"description": "Created; Location has its address"}})
		create["requestBody"] = body(mediaGeoJSON)
		itemsPath["post"] = create
		for method, media := range map[string]string{"put": mediaGeoJSON, "patch": "application/merge-patch+json", "delete": ""} {
			op := operation(method+"."+l.ID, "Change a feature", object{"204": object{"description": "Done"}, "412": object{"description": "Changed since it was read"}})
			op["parameters"] = refs("id", "if-match")
			if media != "" {
				op["requestBody"] = body(media)
			}
			itemPath[method] = op
		}
	}
	paths["/collections/"+l.ID+"/items"] = itemsPath
	paths["/collections/"+l.ID+"/items/{id}"] = itemPath
}

func operation(id, summary string, responses object) object {
	responses["default"] = object{"description": "An error", "content": object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/problem"}}}}
	return object{"operationId": id, "summary": summary, "responses": responses}
}

func response(description, media string, schema object) object {
	return object{"200": object{"description": description, "content": object{media: object{"schema": schema}}}}
}

func refs(names ...string) []object {
	var all []object
	for _, name := range names {
		all = append(all, object{"$ref": "#/components/parameters/" + name})
	}
	return all
}

func jsonType(f layers.Field) string {
	switch f.Type {
	case "integer", "number", "boolean":
		return f.Type
	}
	return "string"
}

// featureSchema describes a feature in the JSON Schema of OpenAPI 3.0, which
// has no list of types but nullable.
func featureSchema(l *layers.Layer, v layers.Viewer, lang string) object {
	properties := object{}
	for _, f := range v.Fields(l) {
		p := object{"type": jsonType(f), "title": f.Label.In(lang), "nullable": true}
		switch f.Type {
		case "date":
			p["format"] = "date"
		case "datetime":
			p["format"] = "date-time"
		}
		if f.Enum != nil {
			var values []any
			for _, c := range f.Enum {
				values = append(values, c.Value)
			}
			p["enum"] = append(values, nil)
		}
		properties[f.Name] = p
	}
	return object{
		"type":     "object",
		"required": []string{"type", "geometry", "properties"},
		"properties": object{
			"type":       object{"type": "string", "enum": []string{"Feature"}},
			"id":         object{"oneOf": []object{{"type": "string"}, {"type": "integer"}}},
			"geometry":   object{"type": "object", "nullable": true, "properties": object{"type": object{"type": "string", "enum": []string{l.Geometry.Type}}, "coordinates": object{"type": "array", "items": object{}}}},
			"properties": object{"type": "object", "properties": properties},
		},
	}
}
