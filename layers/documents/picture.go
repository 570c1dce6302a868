package documents

import (
	"context"
	"image"
	"image/color"
	_ "image/gif" // formats that previews are made of
	"image/jpeg"
	_ "image/png"
	"io"
	"os"
	"strings"
	"time"

	"github.com/bep/imagemeta"
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"

	"arpent/layers/postgis"
)

// previewSide is the longer side of a preview in pixels; maxPixels is how many
// a picture may have for one to be made.
const (
	previewSide    = 640
	previewQuality = 80
	maxPixels      = 60_000_000
)

func previewKey(sum string) string { return sum + ".jpg" }

// look reads what a picture says of itself and makes a small one of it. A
// picture that cannot be read is kept like any file.
func (s *Service) look(ctx context.Context, d *postgis.Document, file *os.File) error {
	if !strings.HasPrefix(d.MediaType, "image/") {
		return nil
	}
	turned := readEXIF(d, file)
	select {
	case s.pictures <- struct{}{}:
		defer func() { <-s.pictures }()
	case <-ctx.Done():
		return ctx.Err()
	}
	small := shrink(file, turned)
	if small == nil {
		return nil
	}
	to, err := os.CreateTemp(s.incoming, "preview-*")
	if err != nil {
		return full(err)
	}
	defer func() { _ = os.Remove(to.Name()) }()
	err = jpeg.Encode(to, small, &jpeg.Options{Quality: previewQuality})
	if closing := to.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return full(err)
	}
	d.Preview = true
	return s.contents.Keep(ctx, previewKey(d.SHA256), to.Name())
}

// formats whose metadata can be read.
var formats = map[string]imagemeta.ImageFormat{
	"image/jpeg": imagemeta.JPEG, "image/png": imagemeta.PNG, "image/webp": imagemeta.WebP, "image/tiff": imagemeta.TIFF,
	"image/heic": imagemeta.HEIF, "image/heif": imagemeta.HEIF, "image/avif": imagemeta.AVIF,
}

// readEXIF notes when and where a photo was taken and returns how the camera
// was turned: the orientation of EXIF, 1 to 8.
func readEXIF(d *postgis.Document, file io.ReadSeeker) (turned int) {
	format, known := formats[d.MediaType]
	if _, err := file.Seek(0, io.SeekStart); err != nil || !known {
		return 1
	}
	var tags imagemeta.Tags
	_, err := imagemeta.Decode(imagemeta.Options{
		R: file, ImageFormat: format, Sources: imagemeta.EXIF, Timeout: 5 * time.Second,
		ShouldHandleTag: func(imagemeta.TagInfo) bool { return true },
		HandleTag:       func(tag imagemeta.TagInfo) error { tags.Add(tag); return nil },
	})
	if err != nil {
		return 1
	}
	if at, err := tags.GetDateTime(); err == nil && at.Year() > 1970 {
		d.TakenAt = &at
	}
	_, hasPosition := tags.EXIF()["GPSLatitude"]
	if lat, long, err := tags.GetLatLong(); err == nil && hasPosition && (lat != 0 || long != 0) && lat >= -90 && lat <= 90 && long >= -180 && long <= 180 {
		d.Latitude, d.Longitude = &lat, &long
	}
	if orientation, ok := tags.EXIF()["Orientation"]; ok {
		if n, ok := orientation.Value.(uint16); ok && n >= 1 && n <= 8 {
			return int(n)
		}
	}
	return 1
}

// shrink scales a picture down and sets it upright; nil when it cannot be read.
func shrink(file io.ReadSeeker, turned int) image.Image {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil
	}
	size, _, err := image.DecodeConfig(file)
	if err != nil || size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height {
		return nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil
	}
	picture, _, err := image.Decode(file)
	if err != nil {
		return nil
	}
	scale := min(1, previewSide/float64(max(size.Width, size.Height)))
	w, h := max(1, int(float64(size.Width)*scale)), max(1, int(float64(size.Height)*scale))
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(small, small.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src) // behind what is transparent
	draw.BiLinear.Scale(small, small.Bounds(), picture, picture.Bounds(), draw.Over, nil)
	return upright(small, turned)
}

// upright undoes the turn of a camera, given as an orientation of EXIF.
func upright(p *image.RGBA, turned int) image.Image {
	if turned == 1 {
		return p
	}
	w, h := p.Rect.Dx(), p.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if turned > 4 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			X, Y := x, y
			switch turned {
			case 2:
				X = w - 1 - x
			case 3:
				X, Y = w-1-x, h-1-y
			case 4:
				Y = h - 1 - y
			case 5:
				X, Y = y, x
			case 6:
				X, Y = h-1-y, x
			case 7:
				X, Y = h-1-y, w-1-x
			case 8:
				X, Y = y, w-1-x
			}
			out.SetRGBA(X, Y, p.RGBAAt(x, y))
		}
	}
	return out
}
