// Command certificates makes the certificates of a control plane that lives for minutes: an authority of its own and what that
// signs. Go's standard library can; Node's signs no certificate.
//
// It reads one JSON document on standard input; see type Request. For each certificate it writes NAME.crt and NAME.key.
package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Request says what to make.
type Request struct {
	// Folder is where the files go; the authority's are ca.crt and ca.key.
	Folder       string        `json:"folder"`
	Certificates []Certificate `json:"certificates"`
}

// Certificate is one that the authority signs: of a server if it has names or addresses, else of a client.
type Certificate struct {
	File string `json:"file"`
	// User and Groups are what Kubernetes takes a client for.
	User      string   `json:"user"`
	Groups    []string `json:"groups"`
	Names     []string `json:"names"`
	Addresses []string `json:"addresses"`
}

// Longer than the week before its end from which on an alert of the platform warns of a client certificate.
const validity = 30 * 24 * time.Hour

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Println("certificates")
		return
	}
	var request Request
	if err := json.NewDecoder(os.Stdin).Decode(&request); err != nil {
		exit(err)
	}
	if err := write(request); err != nil {
		exit(err)
	}
}

func exit(err error) {
	fmt.Fprintln(os.Stderr, "certificates:", err)
	os.Exit(1)
}

func write(request Request) error {
	authority := template(1, pkix.Name{CommonName: "control-plane"})
	authority.IsCA = true
	authority.BasicConstraintsValid = true
	authority.KeyUsage |= x509.KeyUsageCertSign
	key, err := sign(request.Folder, "ca", authority, authority, nil)
	if err != nil {
		return err
	}
	for index, wanted := range request.Certificates {
		name := pkix.Name{CommonName: wanted.User, Organization: wanted.Groups}
		certificate := template(int64(index)+2, name)
		certificate.DNSNames = wanted.Names
		certificate.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
		for _, address := range wanted.Addresses {
			certificate.IPAddresses = append(certificate.IPAddresses, net.ParseIP(address))
		}
		if _, err := sign(request.Folder, wanted.File, certificate, authority, key); err != nil {
			return err
		}
	}
	return nil
}

func template(serial int64, subject pkix.Name) *x509.Certificate {
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial),
		Subject:      subject,
		// Clocks of one machine agree, but a certificate that begins this very second has surprised many.
		NotBefore: now.Add(-time.Minute),
		NotAfter:  now.Add(validity),
		KeyUsage:  x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
	}
}

// sign writes a certificate and a new key for it; without a signer the certificate signs itself.
func sign(folder, file string, certificate, parent *x509.Certificate, signer crypto.Signer) (crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	if signer == nil {
		signer = key
	}
	signed, err := x509.CreateCertificate(rand.Reader, certificate, parent, key.Public(), signer)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	for suffix, block := range map[string]*pem.Block{
		".crt": {Type: "CERTIFICATE", Bytes: signed},
		".key": {Type: "PRIVATE KEY", Bytes: private},
	} {
		if err := os.WriteFile(filepath.Join(folder, file+suffix), pem.EncodeToMemory(block), 0o600); err != nil {
			return nil, err
		}
	}
	return key, nil
}
