// A relying party as the documentation of UserClouds shows one, made of go-oidc and x/oauth2. It says where the browser is to go, reads
// the code and state that came back, and says what it learnt.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

func main() {
	tenant, clientID, secret, callback := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	withPKCE := len(os.Args) > 5 && os.Args[5] == "pkce"
	ctx := context.Background()
	provider, err := oidc.NewProvider(ctx, tenant)
	if err != nil {
		log.Fatal(err)
	}
	config := oauth2.Config{
		ClientID:     clientID,
		ClientSecret: secret,
		Endpoint:     provider.Endpoint(),
		RedirectURL:  callback,
		Scopes:       []string{oidc.ScopeOpenID, "profile", "email"},
	}
	verifier := oauth2.GenerateVerifier()
	state := oauth2.GenerateVerifier()
	var atStart, atExchange []oauth2.AuthCodeOption
	if withPKCE {
		atStart = append(atStart, oauth2.S256ChallengeOption(verifier))
		atExchange = append(atExchange, oauth2.VerifierOption(verifier))
	}
	fmt.Println(config.AuthCodeURL(state, atStart...))
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil {
		log.Fatal(err)
	}
	answer := strings.Fields(line)
	if len(answer) != 2 || answer[1] != state {
		log.Fatal("the state is another one")
	}
	token, err := config.Exchange(ctx, answer[0], atExchange...)
	if err != nil {
		log.Fatal(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		log.Fatal("there is no id_token")
	}
	verified, err := provider.Verifier(&oidc.Config{ClientID: clientID}).Verify(ctx, raw)
	if err != nil {
		log.Fatal(err)
	}
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		log.Fatal(err)
	}
	token.Expiry = token.Expiry.AddDate(0, 0, -2)
	refreshed, err := config.TokenSource(ctx, token).Token()
	if err != nil {
		log.Fatal(err)
	}
	told, err := json.Marshal(map[string]any{
		"issuer":    verified.Issuer,
		"subject":   verified.Subject,
		"userinfo":  info.Subject,
		"email":     info.Email,
		"refreshed": refreshed.RefreshToken != "" && refreshed.RefreshToken != token.RefreshToken,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(told))
}
