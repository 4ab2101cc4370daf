import type * as z from 'zod';
import { ADMIN_SCOPES, adminApiOf } from '../model/admin-api.ts';
import { endpointUrl, type Tenant } from '../model/tenant.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { KINDS, problemSchema } from './problem.ts';
import { jsonSchemas, type Schemas } from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;

const VERSION = '1';
const SECURITY = 'signet';

type Everything = Readonly<{ paths: Json; schemas: Json }>;

let described: Everything | undefined;

/** What is the same for every tenant, and not made again for whoever asks for it. */
export function everything(): Everything {
  described ??= allPaths(jsonSchemas());
  return described;
}

/** The description of the interface (OpenAPI 3.1), from the table of its operations and the schemas that check requests. */
export function openapiOf(tenant: Tenant): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: `${tenant.display_name}: administration`,
      version: VERSION,
      description: DESCRIPTION,
    },
    servers: [{ url: adminApiOf(tenant) }],
    security: [{ [SECURITY]: [] }],
    paths: everything().paths,
    components: { schemas: everything().schemas, securitySchemes: { [SECURITY]: securityOf(tenant) } },
  };
}

const DESCRIPTION =
  'Lists are told in pages: give `next` as `after` for the following one. What is changed is named by its version: send the `ETag` ' +
  'of what was read as `If-Match`. Whatever is refused is told as `application/problem+json` (RFC 9457), with every faulty field.';

const securityOf = (tenant: Tenant): Json => ({
  type: 'oauth2',
  description: 'An access token of this very provider whose audience is the address of the interface.',
  flows: {
    authorizationCode: {
      authorizationUrl: endpointUrl(tenant, 'authorization'),
      tokenUrl: endpointUrl(tenant, 'token'),
      scopes: SCOPES,
    },
    clientCredentials: { tokenUrl: endpointUrl(tenant, 'token'), scopes: SCOPES },
  },
});

const SCOPES = Object.fromEntries(
  ADMIN_SCOPES.map((scope) => {
    const [, resource = '', verb] = scope.split(':');
    return [scope, verb === 'read' ? `See ${resource}` : `Change ${resource}`];
  }),
);

function allPaths(schemas: Schemas): Everything {
  const byPath = Map.groupBy(OPERATIONS, ({ path }) => path);
  const paths = [...byPath].map(([path, operations]): readonly [string, Json] => [
    path,
    Object.fromEntries(operations.map((one) => [one.method.toLowerCase(), describe(one, schemas)])),
  ]);
  return { paths: Object.fromEntries(paths), schemas: schemas.named() };
}

function describe(operation: Operation, schemas: Schemas): Json {
  const { id, summary, description, needs, needsToo = [], body, answers, path } = operation;
  const parameters = [...pathParameters(path), ...queryParameters(operation, schemas), ...headers(operation)];
  const type = body?.kind === 'merge-patch' ? 'application/merge-patch+json' : 'application/json';
  return {
    operationId: id,
    tags: [path.split('/')[1]?.replace(/^deleted-/, '') ?? ''],
    summary,
    ...(description !== undefined && { description }),
    ...(needs === 'nothing' && { security: [] }),
    ...(needs !== 'nothing' && needs !== 'token' && { security: [{ [SECURITY]: [needs, ...needsToo] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: {
        required: body.optional !== true,
        content: { [type]: { schema: schemas.of(body.schema) } },
      },
    }),
    responses: {
      [answers.status]: {
        description: answers.description,
        ...(answers.schema !== undefined && {
          content: { 'application/json': { schema: schemas.of(answers.schema) } },
        }),
      },
      ...problemResponses(operation, schemas),
    },
  };
}

const pathParameters = (path: string): readonly Json[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

const queryParameters = ({ query = {} }: Operation, schemas: Schemas): readonly Json[] =>
  Object.entries(query).map(([name, schema]) => {
    const { description, ...rest }: Json = schemas.of(schema as z.ZodType);
    return { name, in: 'query', ...(description !== undefined && { description }), schema: rest };
  });

const headers = ({ versioned, idempotent }: Operation): readonly Json[] => [
  ...(versioned === true
    ? [
        {
          name: 'If-Match',
          in: 'header',
          // Left out, it is answered with 428.
          description: 'The ETag of what was read. Needed.',
          schema: { type: 'string' },
        },
      ]
    : []),
  ...(idempotent === true
    ? [
        {
          name: 'Idempotency-Key',
          in: 'header',
          description: 'What is sent again with it within a day is done once, and answered alike.',
          schema: { type: 'string', maxLength: 255 },
        },
      ]
    : []),
];

/** Every status that an operation may answer with when all is not well. */
export function problemStatuses({
  needs,
  body,
  versioned,
  idempotent,
  problems = [],
}: Operation): readonly number[] {
  if (needs === 'nothing') return [413, 500, 503];
  const all = [
    400,
    401,
    403,
    413,
    500,
    503,
    ...(body === undefined ? [] : [415]),
    ...(versioned === true ? [412, 428] : []),
    ...(idempotent === true ? [409] : []),
    ...problems,
  ];
  return [...new Set(all)].toSorted((one, other) => one - other);
}

const problemResponses = (operation: Operation, schemas: Schemas): Json =>
  Object.fromEntries(
    problemStatuses(operation).map((status) => [
      status,
      {
        description: Object.values(KINDS).find(([known]) => known === status)?.[1] ?? 'A problem.',
        content: { 'application/problem+json': { schema: schemas.of(problemSchema) } },
      },
    ]),
  );
