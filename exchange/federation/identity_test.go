package federation

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestIdentityStaysTheSame(t *testing.T) {
	t.Parallel()
	folder, firm := filepath.Join(t.TempDir(), "keys"), newFirm()
	first, err := OpenIdentity(folder, firm)
	if err != nil {
		t.Fatal(err)
	}
	second, err := OpenIdentity(folder, firm)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.SigningKey(), second.SigningKey()) || first.TransportKey != second.TransportKey {
		t.Error("the keys differ after a restart")
	}
	other, err := OpenIdentity(folder, newFirm())
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(first.SigningKey(), other.SigningKey()) || first.TransportKey == other.TransportKey {
		t.Error("two firms have the same keys")
	}
	if !regexp.MustCompile(`^([0-9a-f]{4}-){7}[0-9a-f]{4}$`).MatchString(Fingerprint(first.SigningKey())) {
		t.Errorf("Fingerprint = %q; want eight groups of four digits", Fingerprint(first.SigningKey()))
	}
}

func TestKeysAreForTheNodeAlone(t *testing.T) {
	t.Parallel()
	folder, firm := t.TempDir(), newFirm()
	if _, err := OpenIdentity(folder, firm); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("files %v, %v; want two", files, err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v; want 0600", f, info.Mode().Perm())
		}
	}
	if err := os.Chmod(files[0], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenIdentity(folder, firm); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("OpenIdentity with a readable key: %v; want the remedy", err)
	}
}

func TestDamagedKeyIsNotReplaced(t *testing.T) {
	t.Parallel()
	for _, name := range []string{".signing.pem", ".transport.nk"} {
		folder, firm := t.TempDir(), newFirm()
		path := filepath.Join(folder, firm.String()+name)
		if err := os.WriteFile(path, []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenIdentity(folder, firm); err == nil || !strings.Contains(err.Error(), firm.String()) {
			t.Errorf("OpenIdentity with a damaged %s: %v; want an error that names the firm", name, err)
		}
		if content, err := os.ReadFile(path); err != nil || string(content) != "damaged" {
			t.Errorf("the damaged %s was replaced: %q, %v", name, content, err)
		}
	}
}
