import { allowedByRole } from '../admin/roles.ts';
import { USER_ROLES, type UserRole } from '../model/user.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';

/** The page about the interface, in Markdown. */
export const apiMarkdown = (): string =>
  [INTRODUCTION, rolesTable(), CONVENTIONS, '## Everything it does\n', ...sections()].join('\n');

const INTRODUCTION = `<!-- Generated from packages/server/src/api by npm run docs. -->
# The administration over HTTP

Every tenant has its interface at \`/api/v1\` below its site, such as \`https://id.example/api/v1\`. \`/api/v1/openapi.json\` describes it
whole (OpenAPI 3.1), from the schemas that check the requests. The console and the command line use nothing else.

## Getting a token

A request carries an access token of that very tenant, in \`Authorization: Bearer …\`, whose audience is the interface alone (or the
interface and Signet's userinfo). What it opens is what all three allow: the scopes of the token, the scopes that the client is still
registered with, and the role that the person has at that moment. A scope is \`signet:<resource>:read\` or \`signet:<resource>:write\`.

For a script, register a client that names what it needs, and nothing more:

\`\`\`yaml
clients:
  - client_id: nightly-report
    client_secret_file: nightly-report.secret
    grant_types: [client_credentials]
    scope: signet:users:read signet:audit:read
\`\`\`

\`\`\`sh
TOKEN=$(curl -s -u nightly-report:$SECRET -d grant_type=client_credentials https://id.example/token | jq -r .access_token)
curl -s -H "Authorization: Bearer $TOKEN" 'https://id.example/api/v1/users?limit=200'
\`\`\`

People sign in with the console (client \`signet-console\`) or the command line (client \`signet-cli\`), which are there without
configuration. A client whose registration names no \`signet:\` scope gets none, even one that may ask for every other scope.

What a person may do at most is said by the role:
`;

const SAYS: Readonly<Record<UserRole, string>> = {
  admin: 'everything',
  support:
    'reads everything, and helps people: users, sessions, consents, grants; of users those alone who have no role',
  auditor: 'reads everything',
  user: 'nothing but what concerns the own account',
};

const rolesTable = (): string =>
  [
    '| role | may | scopes |',
    '|---|---|---|',
    ...USER_ROLES.map((role) => `| ${role} | ${SAYS[role]} | ${allowedByRole(role).length} |`),
    '',
  ].join('\n');

const CONVENTIONS = `Nobody gives away what they have not: a client that holds \`signet:\` scopes, or \`may_administer\`, is made, changed
and restored only by who holds those scopes; a role is given, and somebody with a role changed, only by who holds every scope. Groups open
nothing here, but perhaps at applications: they are given only by who holds \`signet:groups:write\`, also with a user.

## Conventions

- **Lists** are told in pages: \`{"items": […], "next": "…"}\`. Give \`next\` as \`after\` for the following page; it is null on the
  last one. \`limit\` is 50 when left out, 200 at most. A page may be short while others follow.
- **Changes** are merge patches (RFC 7396): null removes a member. Send the \`ETag\` of what you read as \`If-Match\`; without it the
  answer is 428, and 412 when somebody else was faster.
- **Creations** with an \`Idempotency-Key\` are done once within a day, however often they are sent; each gets the same answer.
- **Refusals** are \`application/problem+json\` (RFC 9457) with every faulty field in \`errors\`, by a pointer into the body or the name
  of a parameter. \`reference\` is the name of the request in the log.
- **Secrets** are told once, in the answer that made them. \`POST /clients/{client_id}/secret\` with \`{"keep_previous_for": "7d"}\` keeps
  the present secret good beside the new one for that long.
- **Undo**: each change of a client, a scope, a resource or of the settings is a version that can be brought back; clients and users
  who were deleted can be restored for 30 days. What was issued before a deletion stays over.
- **Scopes, resources and settings** count from the next request on, on every node. What the configuration file or the environment says
  is fixed by it: 409, with the file or variable. A resource is named by its percent-encoded URI, such as
  \`/resources/https%3A%2F%2Fapi.example\`; a proxy in front must leave \`%2F\` as it is. A scope or resource that applications name is not
  deleted: 409, with their names.
- Every change is in the audit log with who made it, from where, and in which request: what is done to clients, scopes, resources and
  settings, and almost all that is done to users, in the same transaction. A change tells what it changed, \`before\` and \`after\`; of a
  secret or password only that it is another.
`;

/** Under the first part of the path. */
function sections(): readonly string[] {
  const bySection = Map.groupBy(OPERATIONS, ({ path }) => path.split('/')[1]?.replace(/^deleted-/, '') ?? '');
  return [...bySection].map(([name, operations]) =>
    [`### ${name}\n`, '| | takes | |', '|---|---|---|', ...operations.map(row), ''].join('\n'),
  );
}

const row = ({ method, path, needs, needsToo = [], summary }: Operation): string =>
  `| \`${method} ${path}\` | ${[needs, ...needsToo].map((one) => NEEDS[one] ?? `\`${one}\``).join(', ')} | ${summary} |`;

const NEEDS: Readonly<Record<string, string>> = { token: 'any token for it', nothing: 'nothing' };
