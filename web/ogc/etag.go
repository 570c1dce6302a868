package ogc

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
)

// etag names a version of a feature in one CRS under one sight of its layer.
// Answers to edits are of no sight: all that counts of them is the version.
func etag(version string, as crs, sight string) string {
	how := ""
	if as.swap {
		how = "s"
	}
	if sight != "" {
		sum := sha256.Sum256([]byte(sight))
		how += fmt.Sprintf("f%x", sum[:4])
	}
	return fmt.Sprintf(`"%s.%d%s"`, version, as.srid, how)
}

// versionOf is the version that an ETag of ours names: what stands before the
// CRS. Of any other tag it is the tag itself, which is no version of anything.
func versionOf(tag string) string {
	inner := strings.Trim(tag, `"`)
	if version, _, ok := strings.Cut(inner, "."); ok && version != "" && strings.HasPrefix(tag, `"`) {
		return version
	}
	return tag
}

// noneMatch reports whether the client has the representation already.
func noneMatch(r *http.Request, tag string) bool {
	for candidate := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == tag {
			return true
		}
	}
	return false
}

// ifMatch are the versions that the client's edit may be based on; nil for any.
func ifMatch(r *http.Request) []string {
	header := r.Header.Get("If-Match")
	if header == "" || strings.TrimSpace(header) == "*" {
		return nil
	}
	var versions []string
	for tag := range strings.SplitSeq(header, ",") {
		versions = append(versions, versionOf(strings.TrimSpace(tag)))
	}
	return versions
}
