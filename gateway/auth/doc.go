// Package auth turns a proof that comes through the gateway's door into a
// [policy.Principal]: a session cookie for people, an API token for programs.
// It says who somebody is; what they may do is for package policy to say.
//
// Nouns: an [Account] is a person who may sign in; a [Session] is one browser
// in which that person did; a [Token] is a secret for a program, which has
// at most the rights of the person who made it; a link signs in once, without
// a password.
//
// A request's way: [Service.Authenticate] reads "Authorization: Bearer fdc_…"
// or, without that header, the cookie; it looks up the SHA-256 of the secret
// in the node's own private tables, checks the limits in time, and asks
// Principals for the roles and teams as they are now. Nothing about rights is
// kept in the session, so that a role taken away is gone with the next
// request; ending a session or revoking a token is one row.
//
// A sign-in's way: [Service.Handler] serves /auth/…; the address and the
// account each have a bucket of attempts; then exactly one argon2id
// computation runs for a known and for an unknown address, in one of few
// slots, so that a flood of attempts takes neither the memory nor the
// processors from other requests, and both get the same answer.
//
// Why a cookie's name bears the node: browsers do not tell apart the cookies
// of two ports of one host, and two nodes on one machine would sign each
// other's people out.
//
// A link that was used or is too old leads to the app's sign-in, "/?link=spent".
//
// Not here: second factors, passkeys and single sign-on by OpenID Connect.
package auth
