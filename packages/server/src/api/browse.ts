import { ADMIN_API_PATH } from '../model/admin-api.ts';
import { randomText } from '../model/secret.ts';
import { ASSETS } from '../web/assets.ts';
import { pageHeaders } from '../web/headers.ts';
import { type Html, html } from '../web/pages/html.ts';
import type { Site } from '../web/site.ts';
import { openapiOf } from './openapi.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';

/** The document for people: every operation with what it takes and gives, without script. */
export function browsePage({ provider: { tenant, random } }: Site): Response {
  const document = openapiOf(tenant);
  const base = tenant.path;
  const page = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${tenant.display_name}: administration</title>
<link rel="stylesheet" href="${base}${ASSETS.stylesheet.path}">
<body>
<main>
<h1>Administration over HTTP</h1>
<p>For programs: <a href="${base}${ADMIN_API_PATH}/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
${OPERATIONS.map((operation) => section(operation, document))}
</main>
</body>
</html>`;
  const secure = tenant.issuer.startsWith('https:');
  const headers = pageHeaders({ secure, nonce: randomText(random, 16), frames: 'none' });
  return new Response(page.toString(), {
    headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  });
}

function section(
  { method, path, summary, needs, needsToo = [] }: Operation,
  document: ReturnType<typeof openapiOf>,
): Html {
  const paths = document['paths'] as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const described = JSON.stringify(paths[path]?.[method.toLowerCase()], null, 2);
  return html`<details>
<summary><code>${method} ${path}</code> ${summary}</summary>
<p>Takes <code>${[needs, ...needsToo].join(' ')}</code>.</p>
<pre>${described}</pre>
</details>
`;
}
