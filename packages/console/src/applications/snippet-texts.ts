import { type Registered, type Values, valuesOf } from './snippet-values.ts';

export type SnippetText = Readonly<{ id: string; label: string; text: string }>;

/** Ready lines for the programs that such a client usually is. */
export function snippetsFor(client: Registered, secret?: string): readonly SnippetText[] {
  const values = valuesOf(client, secret);
  if (!client.grant_types.includes('authorization_code')) return [serviceCurl(values), serviceNode(values)];
  if (client.token_endpoint_auth_method === 'none') return [spa(values), publicCurl(values)];
  return [
    express(values),
    authJs(values),
    fastify(values),
    spring(values),
    go(values),
    django(values),
    apache(values),
    proxy(values),
    webCurl(values),
  ];
}

const express = (v: Values): SnippetText => ({
  id: 'express',
  label: 'Express',
  text: `// npm install express express-openid-connect
import express from 'express';
import { auth, requiresAuth } from 'express-openid-connect';

const app = express();
app.use(
  auth({
    issuerBaseURL: '${v.issuer}',
    baseURL: '${v.origin}',
    clientID: '${v.id}',
    clientSecret: '${v.secret}',
    secret: process.env.SESSION_SECRET, // 32 random characters, for the session cookie
    idTokenSigningAlg: '${v.algorithm}',
    authRequired: false,
    authorizationParams: { response_type: 'code', scope: '${v.scope}' },
    routes: { callback: '${v.path}' },
  }),
);
app.get('/me', requiresAuth(), (request, response) => response.json(request.oidc.user));
app.listen(3000);`,
});

const authJs = (v: Values): SnippetText => ({
  id: 'authjs',
  label: 'Next / Auth.js',
  text: `// npm install next-auth@beta
// Register this redirect URI: ${v.origin}/api/auth/callback/signet
import NextAuth from 'next-auth';

export const { handlers, auth, signIn, signOut } = NextAuth({
  providers: [
    {
      id: 'signet',
      name: '${v.issuer}',
      type: 'oidc',
      issuer: '${v.issuer}',
      clientId: '${v.id}',
      clientSecret: '${v.secret}',
      checks: ['pkce', 'state'],
      authorization: { params: { scope: '${v.scope}' } },
    },
  ],
});`,
});

const fastify = (v: Values): SnippetText => ({
  id: 'fastify',
  label: 'Fastify',
  text: `// npm install fastify @fastify/cookie @fastify/oauth2
import cookie from '@fastify/cookie';
import oauth2 from '@fastify/oauth2';
import fastify from 'fastify';

const app = fastify();
await app.register(cookie);
await app.register(oauth2, {
  name: 'signet',
  discovery: { issuer: '${v.issuer}' },
  credentials: { client: { id: '${v.id}', secret: '${v.secret}' } },
  scope: '${v.scope}'.split(' '),
  pkce: 'S256',
  startRedirectPath: '/login',
  callbackUri: '${v.redirect}',
});
app.get('${v.path}', async (request, reply) => {
  const { token } = await app.signet.getAccessTokenFromAuthorizationCodeFlow(request, reply);
  return app.signet.userinfo(token.access_token);
});
await app.listen({ port: 3000 });`,
});

const spring = (v: Values): SnippetText => ({
  id: 'spring',
  label: 'Spring Boot',
  text: `# application.yaml, with spring-boot-starter-oauth2-client
# ID tokens are signed with ${v.algorithm}: unless that is RS256, name it in an OidcIdTokenDecoderFactory bean
# (setJwsAlgorithmResolver). Before Spring Security 7, switch PKCE on for this registration (OAuth2AuthorizationRequestCustomizers.withPkce()).
spring:
  security:
    oauth2:
      client:
        registration:
          signet:
            client-id: ${v.id}
            client-secret: ${v.secret}
            authorization-grant-type: authorization_code
            redirect-uri: ${v.redirect}
            scope: ${v.scope.split(' ').join(', ')}
        provider:
          signet:
            issuer-uri: ${v.issuer}`,
});

const go = (v: Values): SnippetText => ({
  id: 'go',
  label: 'Go',
  text: `// go get github.com/coreos/go-oidc/v3 golang.org/x/oauth2
provider, err := oidc.NewProvider(ctx, "${v.issuer}")
if err != nil {
	log.Fatal(err)
}
config := oauth2.Config{
	ClientID:     "${v.id}",
	ClientSecret: "${v.secret}",
	Endpoint:     provider.Endpoint(),
	RedirectURL:  "${v.redirect}",
	Scopes:       strings.Fields("${v.scope}"),
}
verifier := oauth2.GenerateVerifier() // keep it in the session, with a random state
address := config.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier))

// at ${v.path}, after state was compared:
token, err := config.Exchange(ctx, code, oauth2.VerifierOption(verifier))
idToken, err := provider.Verifier(&oidc.Config{ClientID: config.ClientID}).
	Verify(ctx, token.Extra("id_token").(string))`,
});

const django = (v: Values): SnippetText => ({
  id: 'django',
  label: 'Django',
  text: `# pip install "django-allauth[socialaccount]"
# Register this redirect URI: ${v.origin}/accounts/oidc/signet/login/callback/
INSTALLED_APPS += [
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "signet",
                "name": "Signet",
                "client_id": "${v.id}",
                "secret": "${v.secret}",
                "settings": {"server_url": "${v.issuer}"},
            }
        ],
    }
}`,
});

const apache = (v: Values): SnippetText => ({
  id: 'apache',
  label: 'mod_auth_openidc',
  text: `OIDCProviderMetadataURL ${v.issuer}/.well-known/openid-configuration
OIDCClientID ${v.id}
OIDCClientSecret ${v.secret}
OIDCRedirectURI ${v.redirect}
OIDCScope "${v.scope}"
OIDCPKCEMethod S256
OIDCCryptoPassphrase "exec:/bin/bash -c \\"head -c 32 /dev/urandom | base64\\""

<Location "/">
  AuthType openid-connect
  Require valid-user
</Location>`,
});

const proxy = (v: Values): SnippetText => ({
  id: 'proxy',
  label: 'oauth2-proxy',
  text: `# oauth2-proxy.cfg
provider = "oidc"
oidc_issuer_url = "${v.issuer}"
client_id = "${v.id}"
client_secret = "${v.secret}"
redirect_url = "${v.redirect}"
scope = "${v.scope}"
code_challenge_method = "S256"
email_domains = ["*"]
upstreams = ["http://127.0.0.1:8080/"]
cookie_secret = "32 random bytes: openssl rand -base64 32 | tr -- '+/' '-_'"`,
});

const spa = (v: Values): SnippetText => ({
  id: 'spa',
  label: 'In the browser',
  text: `// npm install oidc-client-ts
import { UserManager } from 'oidc-client-ts';

const manager = new UserManager({
  authority: '${v.issuer}',
  client_id: '${v.id}',
  redirect_uri: '${v.redirect}',
  scope: '${v.scope}',${v.resource === undefined ? '' : `\n  resource: '${v.resource}',`}
});

// A button calls manager.signinRedirect(); the page at ${v.path} does this:
const user = await manager.signinCallback();
console.log(user.profile.name, user.access_token);`,
});

const resourceOf = ({ resource }: Values): string =>
  resource === undefined ? '' : `&resource=${encodeURIComponent(resource)}`;

const authorization = (v: Values): string =>
  `${v.authorize}?client_id=${encodeURIComponent(v.id)}&response_type=code&redirect_uri=${encodeURIComponent(v.redirect)}` +
  `&scope=${encodeURIComponent(v.scope)}${resourceOf(v)}&state=$STATE&code_challenge=$CHALLENGE&code_challenge_method=S256`;

const PKCE = `STATE=$(openssl rand -hex 16)
VERIFIER=$(openssl rand -hex 32)
CHALLENGE=$(printf %s "$VERIFIER" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')`;

const webCurl = (v: Values): SnippetText => ({
  id: 'curl',
  label: 'curl',
  text: `${PKCE}
echo "${authorization(v)}"
# Open that address, sign in, and take CODE out of the address you are sent to:
curl --user '${v.id}:${v.secret}' ${v.token} \\
  --data grant_type=authorization_code --data "code=$CODE" \\
  --data "code_verifier=$VERIFIER" --data-urlencode redirect_uri=${v.redirect}`,
});

const publicCurl = (v: Values): SnippetText => ({
  id: 'curl',
  label: 'curl',
  text: `${PKCE}
echo "${authorization(v)}"
# Open that address, sign in, and take CODE out of the address you are sent to:
curl ${v.token} --data client_id=${v.id} \\
  --data grant_type=authorization_code --data "code=$CODE" \\
  --data "code_verifier=$VERIFIER" --data-urlencode redirect_uri=${v.redirect}`,
});

const serviceCurl = (v: Values): SnippetText => ({
  id: 'curl',
  label: 'curl',
  text: `curl --user '${v.id}:${v.secret}' ${v.token} \\
  --data grant_type=client_credentials${v.resource === undefined ? '' : ` \\\n  --data-urlencode resource=${v.resource}`}`,
});

const serviceNode = (v: Values): SnippetText => ({
  id: 'node',
  label: 'Node',
  text: `// npm install openid-client
import { clientCredentialsGrant, discovery } from 'openid-client';

const config = await discovery(new URL('${v.issuer}'), '${v.id}', '${v.secret}');
const { access_token } = await clientCredentialsGrant(config${v.resource === undefined ? '' : `, { resource: '${v.resource}' }`});`,
});
