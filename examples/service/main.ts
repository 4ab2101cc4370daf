const {
  ISSUER = 'http://localhost:8080',
  CLIENT_ID = 'service',
  CLIENT_SECRET = 'another-secret-for-nothing-but-this-example',
  API = 'http://127.0.0.1:3001',
  AUDIENCE = 'https://api.example.com',
} = process.env;

let token: { text: string; goodUntil: number } | undefined;

/** An access token for the API: the same one until shortly before it expires. */
async function accessToken(): Promise<string> {
  if (token === undefined || Date.now() >= token.goodUntil) token = await requestToken();
  return token.text;
}

/** Client credentials (RFC 6749 §4.4): the service proves itself, and gets a token for itself. */
async function requestToken() {
  const metadata = await json<{ token_endpoint: string }>(`${ISSUER}/.well-known/openid-configuration`);
  const credentials = `${encodeURIComponent(CLIENT_ID)}:${encodeURIComponent(CLIENT_SECRET)}`;
  const answer = await json<{ access_token: string; expires_in: number }>(metadata.token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(credentials)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read', resource: AUDIENCE }),
  });
  return { text: answer.access_token, goodUntil: Date.now() + 900 * answer.expires_in };
}

/** The JSON that a request is answered with; what went wrong stands in the error. */
async function json<Answer>(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

const orders = await json(`${API}/orders`, { headers: { authorization: `Bearer ${await accessToken()}` } });
console.log(JSON.stringify(orders));
