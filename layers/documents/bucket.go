package documents

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// bucket keeps contents in an S3 bucket.
type bucket struct {
	client       *minio.Client
	name, prefix string
}

var _ Contents = bucket{}

// openBucket checks that the bucket is there. Without a key in the address,
// those of the environment or of the machine are used.
func openBucket(ctx context.Context, u *url.URL) (Contents, error) {
	name, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	keys := credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.EnvMinio{}, &credentials.FileAWSCredentials{}, &credentials.IAM{}})
	if u.User != nil {
		secret, _ := u.User.Password()
		keys = credentials.NewStaticV4(u.User.Username(), secret, "")
	}
	client, err := minio.New(u.Host, &minio.Options{Creds: keys, Secure: u.Query().Get("tls") != "false", Region: u.Query().Get("region")})
	if err != nil {
		return nil, fmt.Errorf("ARPENT_FILES_URL: %w", err)
	}
	there, err := client.BucketExists(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("the bucket for files, %s on %s, does not answer: %w", name, u.Host, err)
	}
	if !there {
		return nil, fmt.Errorf("there is no bucket %s on %s: create it, or name another in ARPENT_FILES_URL", name, u.Host)
	}
	return bucket{client, name, prefix}, nil
}

func (b bucket) key(key string) string { return path.Join(b.prefix, key[:2], key[2:]) }

// Keep uploads the file; a bucket has an object whole or not at all.
func (b bucket) Keep(ctx context.Context, key, path string) error {
	if _, err := b.client.StatObject(ctx, b.name, b.key(key), minio.StatObjectOptions{}); err == nil {
		return nil
	}
	_, err := b.client.FPutObject(ctx, b.name, b.key(key), path, minio.PutObjectOptions{ContentType: "application/octet-stream"})
	if err != nil {
		return fmt.Errorf("keeping a file in bucket %s: %w", b.name, err)
	}
	return nil
}

// Open opens an object; it is read as one asks for it.
func (b bucket) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	object, err := b.client.GetObject(ctx, b.name, b.key(key), minio.GetObjectOptions{})
	if err != nil {
		return nil, fmt.Errorf("reading a file from bucket %s: %w", b.name, err)
	}
	if _, err := object.Stat(); err != nil {
		_ = object.Close()
		return nil, fmt.Errorf("reading a file from bucket %s: %w", b.name, err)
	}
	return object, nil
}
