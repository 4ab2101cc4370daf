/** A full file for the documents; a test loads it, so that nobody copies a fault. */
export const EXAMPLE = `# yaml-language-server: $schema=./signet.schema.json
issuer: https://id.example.com
profile: standard
display_name: Example Accounts
listen: { host: 127.0.0.1, port: 8080 }
database: sqlite:./data/signet.db        # or postgres://signet:password@db.example.com/signet
master_secret_file: ./master-secret      # made with: openssl rand -base64 32
trusted_proxies: [ 127.0.0.1, 10.0.0.0/8 ]
log: { level: info, format: json }
lifetimes:
  access_token: 10m
  refresh_token: 30d
  session: 12h
signing_algorithm: ES256
outbound: { allow_hosts: [ keys.internal.example.com ] }

scopes:
  - scope: orders:read
    description: See your orders
    claims: [ customer_number ]
resources:
  - resource: https://api.example.com/orders
    name: Orders
    scope: orders:read

clients:
  - client_id: web-app                   # a web application with a server of its own
    client_secret_file: ./web-app-secret
    client_name: Web App
    redirect_uris: [ https://app.example.com/callback ]
    post_logout_redirect_uris: [ https://app.example.com/ ]
    grant_types: [ authorization_code, refresh_token ]
    scope: openid profile email offline_access orders:read
  - client_id: browser-app               # runs in the browser and can keep no secret
    client_name: Browser App
    token_endpoint_auth_method: none
    redirect_uris: [ https://spa.example.com/callback ]
    scope: openid profile
  - client_id: phone-app                 # private-scheme redirects make it native
    client_name: Phone App
    token_endpoint_auth_method: none
    redirect_uris: [ com.example.app:/cb, "http://127.0.0.1/cb" ]
    grant_types: [ authorization_code, refresh_token ]
  - client_id: nightly-job               # a service signs in as itself: no redirect_uris
    client_secret_file: ./nightly-job-secret
    grant_types: [ client_credentials ]
    scope: orders:read
    resources: [ https://api.example.com/orders ]

users:
  - username: alice
    password_file: ./alice-password
    role: admin
    claims:
      name: Alice Example
      email: alice@example.com
      email_verified: true
      address: { locality: Lisbon, country: Portugal }
`;
