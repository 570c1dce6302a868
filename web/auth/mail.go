package auth

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// Mailer sends mail: to a server, or without one into a folder, where an
// administrator finds it.
type Mailer struct {
	client *mail.Client // nil without a server
	folder string
	from   string
}

// mailPatience is how long handing over one message may take.
const mailPatience = 30 * time.Second

// OpenMailer makes a mailer for smtp://user:password@host:587?from=address, or
// smtps:// for TLS from the first byte. smtp:// insists on STARTTLS unless
// tls=none says that the way is safe. An empty address writes to the folder.
func OpenMailer(address, folder string) (*Mailer, error) {
	if address == "" {
		return &Mailer{folder: folder, from: "arpent@localhost.localdomain"}, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, fmt.Errorf("ARPENT_SMTP_URL is no address of a mail server, such as smtp://user:password@host:587?from=arpent@town.example")
	}
	m := &Mailer{from: u.Query().Get("from")}
	if m.from == "" {
		m.from = "arpent@" + u.Hostname()
	}
	options := []mail.Option{mail.WithTimeout(mailPatience)}
	switch {
	case u.Scheme == "smtps":
		options = append(options, mail.WithSSLPort(false))
	case u.Query().Get("tls") == "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPortPolicy(mail.TLSMandatory))
	}
	if u.Port() != "" {
		port, err := strconv.Atoi(u.Port())
		if err != nil {
			return nil, fmt.Errorf("ARPENT_SMTP_URL: %q is no port", u.Port())
		}
		options = append(options, mail.WithPort(port))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	if m.client, err = mail.NewClient(u.Hostname(), options...); err != nil {
		return nil, fmt.Errorf("ARPENT_SMTP_URL: %w", err)
	}
	return m, nil
}

// Send hands a text over to the mail server.
func (m *Mailer) Send(ctx context.Context, to, subject, text string) error {
	message := mail.NewMsg()
	if err := message.From(m.from); err != nil {
		return fmt.Errorf("writing a mail from %s: %w", m.from, err)
	}
	if err := message.To(to); err != nil {
		return fmt.Errorf("writing a mail: %w", err)
	}
	message.Subject(subject)
	message.SetDate()
	message.SetMessageID()
	message.SetBodyString(mail.TypeTextPlain, text)
	if m.client != nil {
		if err := m.client.DialAndSendWithContext(ctx, message); err != nil {
			return fmt.Errorf("sending a mail: %w", err)
		}
		return nil
	}
	if err := os.MkdirAll(m.folder, 0o700); err != nil {
		return fmt.Errorf("making the folder of mails: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(m.folder, time.Now().UTC().Format("20060102-150405.000000000")+".eml"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("writing a mail: %w", err)
	}
	if _, err := message.WriteTo(file); err != nil {
		_ = file.Close()
		return fmt.Errorf("writing a mail: %w", err)
	}
	return file.Close()
}
