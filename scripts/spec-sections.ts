// Long because it lists every section of ten specifications and of five smaller ones, a line each.

/** A section of a specification; `note` says why nothing is to be implemented there. */
export type Section = { number: string; title: string; note?: string };

/** A specification as it is cited (`name`), with its whole title, its address, and its sections in order. */
export type Spec = { name: string; title: string; url: string; sections: readonly Section[] };

/** Reads one section a line, `number title | note`. References, registrations with IANA and appendices are left out. */
function sections(lines: string): Section[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [heading = '', note] = line.split(' | ');
      const [number = '', ...words] = heading.trim().split(' ');
      return { number, title: words.join(' '), ...(note !== undefined && { note }) };
    });
}

/** The specifications that bind an OpenID provider, in the order of docs/specs.md. */
export const SPECS: readonly Spec[] = [
  {
    name: 'OIDC Core',
    title: 'OpenID Connect Core 1.0 incorporating errata set 2',
    url: 'https://openid.net/specs/openid-connect-core-1_0.html',
    sections: sections(`
1 Introduction | introduction
1.1 Requirements Notation and Conventions | introduction
1.2 Terminology | definitions
1.3 Overview | introduction
2 ID Token
3 Authentication | heading
3.1 Authentication using the Authorization Code Flow | heading
3.1.1 Authorization Code Flow Steps | overview
3.1.2 Authorization Endpoint | as its parts below
3.1.2.1 Authentication Request
3.1.2.2 Authentication Request Validation
3.1.2.3 Authorization Server Authenticates End-User
3.1.2.4 Authorization Server Obtains End-User Consent/Authorization
3.1.2.5 Successful Authentication Response
3.1.2.6 Authentication Error Response
3.1.2.7 Authentication Response Validation | for clients
3.1.3 Token Endpoint | as its parts below
3.1.3.1 Token Request | as RFC 6749 §4.1.3
3.1.3.2 Token Request Validation
3.1.3.3 Successful Token Response
3.1.3.4 Token Error Response
3.1.3.5 Token Response Validation | for clients
3.1.3.6 ID Token
3.1.3.7 ID Token Validation | for clients
3.1.3.8 Access Token Validation | for clients
3.2 Authentication using the Implicit Flow | heading
3.2.1 Implicit Flow Steps | overview
3.2.2 Authorization Endpoint | as §3.1.2
3.2.2.1 Authentication Request
3.2.2.2 Authentication Request Validation | as §3.1.2.2
3.2.2.3 Authorization Server Authenticates End-User | as §3.1.2.3
3.2.2.4 Authorization Server Obtains End-User Consent/Authorization | as §3.1.2.4
3.2.2.5 Successful Authentication Response
3.2.2.6 Authentication Error Response
3.2.2.7 Redirect URI Fragment Handling | for clients
3.2.2.8 Authentication Response Validation | for clients
3.2.2.9 Access Token Validation | for clients
3.2.2.10 ID Token
3.2.2.11 ID Token Validation | for clients
3.3 Authentication using the Hybrid Flow | heading
3.3.1 Hybrid Flow Steps | overview
3.3.2 Authorization Endpoint | as §3.1.2
3.3.2.1 Authentication Request
3.3.2.2 Authentication Request Validation | as §3.1.2.2
3.3.2.3 Authorization Server Authenticates End-User | as §3.1.2.3
3.3.2.4 Authorization Server Obtains End-User Consent/Authorization | as §3.1.2.4
3.3.2.5 Successful Authentication Response
3.3.2.6 Authentication Error Response | as §3.1.2.6, by fragment
3.3.2.7 Redirect URI Fragment Handling | for clients
3.3.2.8 Authentication Response Validation | for clients
3.3.2.9 Access Token Validation | for clients
3.3.2.10 Authorization Code Validation | for clients
3.3.2.11 ID Token
3.3.2.12 ID Token Validation | for clients
3.3.3 Token Endpoint | as §3.1.3
3.3.3.1 Token Request | as §3.1.3.1
3.3.3.2 Token Request Validation | as §3.1.3.2
3.3.3.3 Successful Token Response | as §3.1.3.3
3.3.3.4 Token Error Response | as §3.1.3.4
3.3.3.5 Token Response Validation | for clients
3.3.3.6 ID Token
3.3.3.7 ID Token Validation | for clients
3.3.3.8 Access Token
3.3.3.9 Access Token Validation | for clients
4 Initiating Login from a Third Party
5 Claims | heading
5.1 Standard Claims
5.1.1 Address Claim
5.1.2 Additional Claims
5.2 Claims Languages and Scripts
5.3 UserInfo Endpoint
5.3.1 UserInfo Request
5.3.2 Successful UserInfo Response
5.3.3 UserInfo Error Response
5.3.4 UserInfo Response Validation | for clients
5.4 Requesting Claims using Scope Values
5.5 Requesting Claims using the "claims" Request Parameter
5.5.1 Individual Claims Requests
5.5.1.1 Requesting the "acr" Claim
5.5.2 Languages and Scripts for Individual Claims
5.6 Claim Types | heading
5.6.1 Normal Claims | as §5.1; the only kind of claims given
5.6.2 Aggregated and Distributed Claims | not implemented: claim_types_supported says normal
5.6.2.1 Example of Aggregated Claims | example
5.6.2.2 Example of Distributed Claims | example
5.7 Claim Stability and Uniqueness | by construction: sub is a random UUID, or derived from it per sector, and never reused
6 Passing Request Parameters as JWTs | as its parts below
6.1 Passing a Request Object by Value
6.1.1 Request using the "request" Request Parameter | example
6.2 Passing a Request Object by Reference
6.2.1 URI Referencing the Request Object | for clients
6.2.2 Request using the "request_uri" Request Parameter | example
6.2.3 Authorization Server Fetches Request Object | not implemented: request_uri is refused, see §6.2
6.2.4 "request_uri" Rationale | explanation
6.3 Validating JWT-Based Requests | as its parts below
6.3.1 Encrypted Request Object | not implemented: nothing is encrypted, and no such algorithm is advertised
6.3.2 Signed Request Object
6.3.3 Request Parameter Assembly and Validation
7 Self-Issued OpenID Provider | not applicable: for providers on a person's own device
7.1 Self-Issued OpenID Provider Discovery | not applicable
7.2 Self-Issued OpenID Provider Registration | not applicable
7.2.1 Providing Information with the "registration" Request Parameter
7.3 Self-Issued OpenID Provider Request | not applicable
7.4 Self-Issued OpenID Provider Response | not applicable
7.5 Self-Issued ID Token Validation | not applicable
8 Subject Identifier Types
8.1 Pairwise Identifier Algorithm
9 Client Authentication
10 Signatures and Encryption | as its parts below
10.1 Signing
10.1.1 Rotation of Asymmetric Signing Keys
10.2 Encryption | not implemented: nothing is encrypted
10.2.1 Rotation of Asymmetric Encryption Keys | not implemented: nothing is encrypted
11 Offline Access
12 Using Refresh Tokens | as RFC 6749 §6
12.1 Refresh Request
12.2 Successful Refresh Response
12.3 Refresh Error Response
13 Serializations | heading
13.1 Query String Serialization
13.2 Form Serialization
13.3 JSON Serialization
14 String Operations
15 Implementation Considerations | heading
15.1 Mandatory to Implement Features for All OpenID Providers
15.2 Mandatory to Implement Features for Dynamic OpenID Providers | not claimed: there is no dynamic registration
15.3 Discovery and Registration
15.4 Mandatory to Implement Features for Relying Parties | for clients
15.5 Implementation Notes | heading
15.5.1 Authorization Code Implementation Notes
15.5.2 Nonce Implementation Notes | for clients
15.5.3 Redirect URI Fragment Handling Implementation Notes | for clients
15.6 Compatibility Notes | explanation
15.7 Related Specifications and Implementer's Guides | explanation
16 Security Considerations | heading
16.1 Request Disclosure
16.2 Server Masquerading | TLS, by the operator; an http issuer is refused outside loopback
16.3 Token Manufacture/Modification | every token is signed or sealed, see RFC 9068 §2.1 and §3.1.3.6
16.4 Access Token Disclosure | ten minutes of life, audience, no-store; see RFC 6750 §5.3
16.5 Server Response Disclosure | no-store, and no referrer from any page
16.6 Server Response Repudiation | tokens are signed by the issuer
16.7 Request Repudiation | signed request objects, see §6.1
16.8 Access Token Redirect | aud names the resources, see RFC 8707 §2
16.9 Token Reuse | nonce and jti; codes are spent once, see RFC 6749 §4.1.2
16.10 Eavesdropping or Leaking Authorization Codes (Secondary Authenticator Capture) | codes live a minute and need PKCE or a secret, see RFC 7636 §4.6
16.11 Token Substitution
16.12 Timing Attack | secrets are compared in constant time (model/secret.ts)
16.13 Other Crypto Related Attacks | RSA keys have 2048 bits, elliptic ones 256
16.14 Signing and Encryption Order | nothing is encrypted
16.15 Issuer Identifier
16.16 Implicit Flow Threats | implicit is off unless a client is registered for it
16.17 TLS Requirements | TLS 1.2 or newer with own TLS; else the operator’s proxy
16.18 Lifetimes of Access Tokens and Refresh Tokens
16.19 Symmetric Key Entropy | HS256 secrets shorter than 32 bytes are refused at registration
16.20 Need for Signed Requests | require_signed_request_object, see RFC 9101 §10.5
16.21 Need for Encrypted Requests | not implemented: nothing is encrypted
16.22 HTTP 307 Redirects | 303 after every form (web/authorization-steps.ts)
16.23 Custom URI Schemes on iOS | for clients
17 Privacy Considerations | heading
17.1 Personally Identifiable Information
17.2 Data Access Monitoring | for the operator
17.3 Correlation | pairwise subjects, see §8.1
17.4 Offline Access | offline_access is named on the consent page; see §11`),
  },
  {
    name: 'OIDC Discovery',
    title: 'OpenID Connect Discovery 1.0 incorporating errata set 2',
    url: 'https://openid.net/specs/openid-connect-discovery-1_0.html',
    sections: sections(`
2 OpenID Provider Issuer Discovery | not applicable: WebFinger belongs to the host of the user's address
3 OpenID Provider Metadata
4 Obtaining OpenID Provider Configuration Information
4.1 OpenID Provider Configuration Request
4.2 OpenID Provider Configuration Response
4.3 OpenID Provider Configuration Validation | for clients
5 String Operations | strings are compared character by character
7.1 TLS Requirements | TLS, by the operator
7.2 Impersonation Attacks | for clients`),
  },
  {
    name: 'OIDC RP-Initiated Logout',
    title: 'OpenID Connect RP-Initiated Logout 1.0',
    url: 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html',
    sections: sections(`
2 RP-Initiated Logout
2.1 OpenID Provider Discovery Metadata
3 Redirection to RP After Logout
3.1 Client Registration Metadata
4 Validation and Error Handling
5 Implementation Considerations | nothing is to be implemented there
6 Security Considerations | a confirmation unless the hint names this very session, see §2`),
  },
  {
    name: 'OIDC Session Management',
    title: 'OpenID Connect Session Management 1.0',
    url: 'https://openid.net/specs/openid-connect-session-1_0.html',
    sections: sections(`
2 Creating and Updating Sessions
3 Session Status Change Notification | heading
3.1 RP iframe | for clients
3.2 OP iframe
3.3 OpenID Provider Discovery Metadata
4 Validation | for clients
5.1 User Agents Blocking Access to Third-Party Content | explanation
6 Security Considerations | the check-session page is the only one that may be framed; session_state is salted`),
  },
  {
    name: 'OAuth Form Post',
    title: 'OAuth 2.0 Form Post Response Mode',
    url: 'https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html',
    sections: sections(`
2 Form Post Response Mode
4 Security Considerations`),
  },
  {
    name: 'OAuth Multiple Response Types',
    title: 'OAuth 2.0 Multiple Response Type Encoding Practices',
    url: 'https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html',
    sections: sections(`
2 Response Types and Response Modes | heading
2.1 Response Modes
2.2 Multiple-Valued Response Types
3 ID Token Response Type
4 None Response Type
5 Definitions of Multiple-Valued Response Type Combinations
7 Security Considerations | tokens never in a query, see §3`),
  },
  {
    name: 'RFC 6749',
    title: 'The OAuth 2.0 Authorization Framework',
    url: 'https://www.rfc-editor.org/rfc/rfc6749',
    sections: sections(`
1 Introduction | introduction
1.1 Roles | definitions
1.2 Protocol Flow | overview
1.3 Authorization Grant | definitions
1.3.1 Authorization Code | definitions
1.3.2 Implicit | definitions
1.3.3 Resource Owner Password Credentials | definitions
1.3.4 Client Credentials | definitions
1.4 Access Token | definitions
1.5 Refresh Token | definitions
1.6 TLS Version | TLS 1.2 or newer with own TLS
1.7 HTTP Redirections | 303 everywhere
1.8 Interoperability | explanation
1.9 Notational Conventions | introduction
2 Client Registration | the configuration file and the command line (admin/client-metadata.ts)
2.1 Client Types
2.2 Client Identifier
2.3 Client Authentication
2.3.1 Client Password
2.3.2 Other Authentication Methods | see OIDC Core §9
2.4 Unregistered Clients
3 Protocol Endpoints | as its parts below
3.1 Authorization Endpoint
3.1.1 Response Type
3.1.2 Redirection Endpoint
3.1.2.1 Endpoint Request Confidentiality
3.1.2.2 Registration Requirements
3.1.2.3 Dynamic Configuration
3.1.2.4 Invalid Endpoint
3.1.2.5 Endpoint Content | for clients
3.2 Token Endpoint
3.2.1 Client Authentication
3.3 Access Token Scope
4 Obtaining Authorization | heading
4.1 Authorization Code Grant | overview
4.1.1 Authorization Request | as OIDC Core §3.1.2.1
4.1.2 Authorization Response
4.1.2.1 Error Response
4.1.3 Access Token Request
4.1.4 Access Token Response
4.2 Implicit Grant | overview
4.2.1 Authorization Request
4.2.2 Access Token Response
4.2.2.1 Error Response
4.3 Resource Owner Password Credentials Grant
4.3.1 Authorization Request and Response | for clients
4.3.2 Access Token Request | not implemented on purpose: the password grant is refused (RFC 9700 §2.4)
4.3.3 Access Token Response | not implemented on purpose
4.4 Client Credentials Grant
4.4.1 Authorization Request and Response | for clients
4.4.2 Access Token Request
4.4.3 Access Token Response
4.5 Extension Grants
5 Issuing an Access Token | heading
5.1 Successful Response
5.2 Error Response
6 Refreshing an Access Token
7 Accessing Protected Resources | for resource servers
7.1 Access Token Types | Bearer only
7.2 Error Response | for resource servers
8 Extensibility | for authors of extensions
8.1 Defining Access Token Types | for authors of extensions
8.2 Defining New Endpoint Parameters | for authors of extensions
8.3 Defining New Authorization Grant Types | for authors of extensions
8.4 Defining New Authorization Endpoint Response Types | for authors of extensions
8.5 Defining Additional Error Codes | for authors of extensions
9 Native Applications | for clients
10 Security Considerations | heading
10.1 Client Authentication | see §2.3 and OIDC Core §9
10.2 Client Impersonation | exact redirect URIs, PKCE, consent
10.3 Access Tokens | see RFC 9068 §2.1
10.4 Refresh Tokens
10.5 Authorization Codes
10.6 Authorization Code Redirection URI Manipulation
10.7 Resource Owner Password Credentials | the password grant does not exist
10.8 Request Confidentiality | TLS, by the operator; secrets in no URL
10.9 Ensuring Endpoint Authenticity | TLS, by the operator
10.10 Credentials-Guessing Attacks
10.11 Phishing Attacks | the page names who asks and where it leads
10.12 Cross-Site Request Forgery
10.13 Clickjacking | frame-ancestors and X-Frame-Options (web/headers.ts)
10.14 Code Injection and Input Validation
10.15 Open Redirectors
10.16 Misuse of Access Token to Impersonate Resource Owner in Implicit Flow | aud and azp, see OIDC Core §2`),
  },
  {
    name: 'RFC 6750',
    title: 'The OAuth 2.0 Authorization Framework: Bearer Token Usage',
    url: 'https://www.rfc-editor.org/rfc/rfc6750',
    sections: sections(`
1 Introduction | introduction
1.1 Notational Conventions | introduction
1.2 Terminology | definitions
1.3 Overview | overview
2 Authenticated Requests
2.1 Authorization Request Header Field
2.2 Form-Encoded Body Parameter
2.3 URI Query Parameter
3 The WWW-Authenticate Response Header Field
3.1 Error Codes
4 Example Access Token Response | example
5 Security Considerations | heading
5.1 Security Threats | explanation
5.2 Threat Mitigation | see §5.3
5.3 Summary of Recommendations`),
  },
  {
    name: 'RFC 7009',
    title: 'OAuth 2.0 Token Revocation',
    url: 'https://www.rfc-editor.org/rfc/rfc7009',
    sections: sections(`
1 Introduction | introduction
2 Token Revocation
2.1 Revocation Request
2.2 Revocation Response
2.2.1 Error Response
2.3 Cross-Origin Support
3 Implementation Note | access tokens that verify offline end at Signet at once and elsewhere with their lifetime (docs/decisions/0007)
5 Security Considerations`),
  },
  {
    name: 'RFC 7636',
    title: 'Proof Key for Code Exchange by OAuth Public Clients',
    url: 'https://www.rfc-editor.org/rfc/rfc7636',
    sections: sections(`
1 Introduction | introduction
1.1 Protocol Flow | overview
2 Notational Conventions | introduction
3 Terminology | definitions
4 Protocol | heading
4.1 Client Creates a Code Verifier
4.2 Client Creates the Code Challenge
4.3 Client Sends the Code Challenge with the Authorization Request
4.4 Server Returns the Code | as OIDC Core §3.1.2.5; the challenge is kept with the code
4.4.1 Error Response
4.5 Client Sends the Authorization Code and the Code Verifier to the Token Endpoint
4.6 Server Verifies code_verifier before Returning the Tokens
5 Compatibility | S256 only
7 Security Considerations | heading
7.1 Entropy of the code_verifier | for clients
7.2 Protection against Eavesdroppers
7.3 Salting the code_challenge | explanation
7.4 OAuth Security Considerations | explanation
7.5 TLS Security Considerations | TLS, by the operator`),
  },
  {
    name: 'RFC 7662',
    title: 'OAuth 2.0 Token Introspection',
    url: 'https://www.rfc-editor.org/rfc/rfc7662',
    sections: sections(`
1 Introduction | introduction
2 Introspection Endpoint
2.1 Introspection Request
2.2 Introspection Response
2.3 Error Response
4 Security Considerations
5 Privacy Considerations`),
  },
  {
    name: 'RFC 8414',
    title: 'OAuth 2.0 Authorization Server Metadata',
    url: 'https://www.rfc-editor.org/rfc/rfc8414',
    sections: sections(`
1 Introduction | introduction
2 Authorization Server Metadata
2.1 Signed Authorization Server Metadata | not implemented: the metadata is not signed
3 Obtaining Authorization Server Metadata
3.1 Authorization Server Metadata Request
3.2 Authorization Server Metadata Response
3.3 Authorization Server Metadata Validation | for clients
4 String Operations | strings are compared character by character
5 Compatibility Notes
6 Security Considerations | heading
6.1 TLS Requirements | TLS, by the operator
6.2 Impersonation Attacks | for clients
6.3 Publishing Metadata in a Standard Format | explanation
6.4 Protected Resources | for resource servers`),
  },
  {
    name: 'RFC 8707',
    title: 'Resource Indicators for OAuth 2.0',
    url: 'https://www.rfc-editor.org/rfc/rfc8707',
    sections: sections(`
1 Introduction | introduction
2 Resource Parameter
2.1 Authorization Request
2.2 Access Token Request
3 Security Considerations
4 Privacy Considerations | a token names only the resources asked for`),
  },
  {
    name: 'RFC 9068',
    title: 'JSON Web Token (JWT) Profile for OAuth 2.0 Access Tokens',
    url: 'https://www.rfc-editor.org/rfc/rfc9068',
    sections: sections(`
1 Introduction | introduction
2 JWT Access Token Header and Data Structure | heading
2.1 Header
2.2 Data Structure
2.2.1 Authentication Information Claims
2.2.2 Identity Claims | none are added: APIs ask userinfo
2.2.3 Authorization Claims
2.2.3.1 Claims for Authorization Outside of Delegation Scenarios | not implemented: no groups, roles or entitlements yet
3 Requesting a JWT Access Token
4 Validating JWT Access Tokens
5 Security Considerations
6 Privacy Considerations`),
  },
  {
    name: 'RFC 9207',
    title: 'OAuth 2.0 Authorization Server Issuer Identification',
    url: 'https://www.rfc-editor.org/rfc/rfc9207',
    sections: sections(`
1 Introduction | introduction
2 Response Parameter iss
2.1 Example Authorization Response | example
2.2 Example Error Response | example
2.3 Providing the Issuer Identifier
2.4 Validating the Issuer Identifier | for clients
3 Authorization Server Metadata
4 Security Considerations`),
  },
];
