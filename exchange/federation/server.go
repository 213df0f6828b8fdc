package federation

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/google/renameio/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"fondaco/schema"
)

// ServerOptions is what an embedded nats-server needs.
type ServerOptions struct {
	// Folder holds the mailboxes, the certificate and the port that was chosen last.
	Folder string
	// Listen is the address for other nodes, such as 0.0.0.0:4222. Port 0 takes a free one, and the same again at the
	// next start if it is still free. Empty opens no socket at all.
	Listen string
	// MaxStore bounds the bytes of all mailboxes together; 0 is 8 GiB.
	MaxStore int64
	Log      *slog.Logger
}

// Server is a nats-server within this process. It writes every message to
// disk before it acknowledges it, and admits the node itself in process and
// paired firms by their transport keys, each for its own subjects alone.
type Server struct {
	nats    *server.Server
	options *server.Options
	own     nkeys.KeyPair // the node itself; in process only
	door    *door
	pin     string
	log     *slog.Logger
}

// StartServer starts a server and waits until it serves. Close ends it.
func StartServer(ctx context.Context, o ServerOptions) (*Server, error) {
	s := &Server{log: o.Log}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if s.own, err = nkeys.CreateUser(); err != nil {
		return nil, fmt.Errorf("start nats-server: %w", err)
	}
	if s.options, err = s.prepare(ctx, o); err != nil {
		return nil, err
	}
	if s.nats, err = server.NewServer(s.options); err != nil {
		return nil, fmt.Errorf("start nats-server: %w", err)
	}
	s.nats.SetLoggerV2(natsLog{s.log}, false, false, false)
	s.nats.Start()
	wait := 10 * time.Second
	if deadline, ok := ctx.Deadline(); ok {
		wait = min(wait, time.Until(deadline))
	}
	if !s.nats.ReadyForConnections(wait) {
		s.Close()
		return nil, &schema.Error{
			Code: schema.CodeUnavailable, Op: "start nats-server",
			Message: fmt.Sprintf("it does not serve on %q within %v; is the port taken?", o.Listen, wait.Round(time.Second)),
		}
	}
	return s, s.rememberPort(o.Folder)
}

func (s *Server) prepare(ctx context.Context, o ServerOptions) (*server.Options, error) {
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of nats-server: %w", err)
	}
	own, err := s.own.PublicKey()
	if err != nil {
		return nil, err
	}
	s.door = &door{
		own: own, guests: map[string]access{}, inside: map[string][]uint64{},
		alive: func(id uint64) bool { return s.nats.GetClient(id) != nil },
	}
	options := &server.Options{
		ServerName: "fondaco-" + own[:12], DontListen: o.Listen == "", NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: o.Folder, SyncAlways: true, MaxPayload: MaxMessage + 4096,
		JetStreamMaxStore: o.MaxStore, JetStreamMaxMemory: 1 << 20, DisableJetStreamBanner: true,
		CustomClientAuthentication: s.door, AlwaysEnableNonce: true,
	}
	if options.JetStreamMaxStore == 0 {
		options.JetStreamMaxStore = 8 << 30
	}
	if o.Listen == "" {
		return options, nil
	}
	host, port, err := net.SplitHostPort(o.Listen)
	if err == nil {
		options.Port, err = strconv.Atoi(port)
	}
	if err != nil {
		return nil, &schema.Error{
			Code: schema.CodeInvalid, Op: "start nats-server", Err: err,
			Message: fmt.Sprintf("the address %q has not the form host:port", o.Listen),
		}
	}
	options.Host = host
	if options.Port == 0 {
		options.Port = usualPort(ctx, o.Folder, host)
	}
	certificate, err := certificate(o.Folder)
	if err != nil {
		return nil, err
	}
	leaf := sha256.Sum256(certificate.Leaf.RawSubjectPublicKeyInfo)
	s.pin = base64.RawURLEncoding.EncodeToString(leaf[:])
	options.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS13}
	options.TLSTimeout = 5
	return options, nil
}

// usualPort gives the port that was used last, if nobody else has it now.
// Partners were told of it.
func usualPort(ctx context.Context, folder, host string) int {
	content, err := os.ReadFile(filepath.Join(folder, "port"))
	if err != nil {
		return server.RANDOM_PORT
	}
	port, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil {
		return server.RANDOM_PORT
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return server.RANDOM_PORT
	}
	if l.Close() != nil {
		return server.RANDOM_PORT
	}
	return port
}

func (s *Server) rememberPort(folder string) error {
	address := s.Address()
	if address == "" {
		return nil
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("address of nats-server: %w", err)
	}
	if err := renameio.WriteFile(filepath.Join(folder, "port"), []byte(port+"\n"), 0o600); err != nil {
		return fmt.Errorf("remember the port of nats-server: %w", err)
	}
	return nil
}

// Address is where other nodes reach the server, host:port, or "" when it
// opens no socket.
func (s *Server) Address() string {
	if a := s.nats.Addr(); a != nil && !s.options.DontListen {
		return a.String()
	}
	return ""
}

// Pin is the SHA-256 of the server's public key, by which those who connect
// know it.
func (s *Server) Pin() string { return s.pin }

// Close ends the server and waits until it has ended.
func (s *Server) Close() {
	s.nats.Shutdown()
	s.nats.WaitForShutdown()
}

// access is a paired firm that may connect, and the hosted firms it is paired with.
type access struct {
	key   string
	firm  schema.FirmID
	hosts []schema.FirmID
}

// admit replaces the firms that may connect. The connections of a firm that
// is left out are cut, as are those of one that may do other things now.
func (s *Server) admit(list []access) {
	for _, id := range s.door.admit(list) {
		_ = s.nats.DisconnectClientByID(id) // an error tells that it has gone
	}
}

// permissions let a firm send in its own name to the firms it is paired with,
// and fetch from its own mailbox. It has no part in managing streams.
func (a access) permissions() *server.Permissions {
	mailbox := mailboxName(a.firm)
	publish := []string{
		"$JS.API.CONSUMER.INFO." + mailbox + "." + consumerName,
		"$JS.API.CONSUMER.MSG.NEXT." + mailbox + "." + consumerName,
		"$JS.ACK." + mailbox + "." + consumerName + ".>",
	}
	for _, host := range a.hosts {
		for _, topic := range []string{topicBatch, topicReport, topicBody, topicPurge} {
			publish = append(publish, subject(topic, host, a.firm))
		}
	}
	return &server.Permissions{
		Publish: &server.SubjectPermission{Allow: publish},
		Subscribe: &server.SubjectPermission{Allow: []string{
			inbox(a.firm) + ".>", everyone(topicReport, a.firm), everyone(topicBody, a.firm),
		}},
		// Answers to requests for bytes go to the inbox of whoever asked.
		Response: &server.ResponsePermission{MaxMsgs: 1, Expires: time.Minute},
	}
}

// connect opens the node's own connection.
func (s *Server) connect(options ...nats.Option) (*nats.Conn, error) {
	key, err := s.own.PublicKey()
	if err != nil {
		return nil, err
	}
	options = append(options, nats.InProcessServer(s.nats), nats.Nkey(key, s.own.Sign))
	return nats.Connect("", options...)
}

// certificate gives the server's certificate; it is made once. Peers know it
// by its key, so its names and dates mean nothing.
func certificate(folder string) (tls.Certificate, error) {
	path := filepath.Join(folder, "server.pem")
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if content, err = newCertificate(); err == nil {
			err = renameio.WriteFile(path, content, 0o600, renameio.IgnoreUmask())
		}
	}
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate of nats-server: %w", err)
	}
	pair, err := tls.X509KeyPair(content, content)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate of nats-server in %s: %w", path, err)
	}
	return pair, nil
}

func newCertificate() ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "fondaco"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	b := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return append(b, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...), nil
}

// natsLog hands nats-server's log on; its notices are of interest to those
// who look for a fault only.
type natsLog struct{ log *slog.Logger }

func (l natsLog) Noticef(format string, v ...any) {
	l.log.Debug("nats-server", slog.String("notice", fmt.Sprintf(format, v...)))
}
func (l natsLog) Warnf(format string, v ...any) {
	l.log.Warn("nats-server", slog.String("warning", fmt.Sprintf(format, v...)))
}

// Errorf is what a stranger at the door did wrong, such as a partner who
// knocks before the pairing is complete: no fault of this node.
func (l natsLog) Errorf(format string, v ...any) {
	l.log.Warn("nats-server", slog.String("error", fmt.Sprintf(format, v...)))
}
func (l natsLog) Fatalf(format string, v ...any) {
	l.log.Error("nats-server", slog.String("fatal", fmt.Sprintf(format, v...)))
}
func (l natsLog) Debugf(string, ...any) {}
func (l natsLog) Tracef(string, ...any) {}
