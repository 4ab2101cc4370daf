import { isIP } from 'node:net';
import * as z from 'zod';
import { listOf, textWith, words } from '../admin/client-metadata-fields.ts';
import { clientSchema } from '../admin/client-metadata-schema.ts';
import { resourceSchema, scopeSchema } from '../admin/definition-schema.ts';
import { durationSchema } from '../admin/duration.ts';
import { groupSchema } from '../admin/group-record.ts';
import { changeableShape, DISPLAY_NAME, displayName, lifetimesShape } from '../admin/setting-schema.ts';
import { userSchema } from '../admin/user-record.ts';
import { mailSetting } from './mail-setting.ts';
import { path } from './path-setting.ts';
import { registrationShape } from './registration-setting.ts';

/** Lists that are checked entry by entry. */
export const MAX_ENTRIES = 10_000;

function cidrFault(text: string): string | undefined {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  const sound =
    rest.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)));
  return family !== 0 && sound ? undefined : 'is neither an IP address nor a network such as 10.0.0.0/8';
}

const hostFault = (text: string): string | undefined =>
  isIP(text) !== 0 || /^(?=.{1,253}$)[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(text)
    ? undefined
    : 'must be a host name or an IP address, without scheme, port or path';

/** postgres:// or sqlite:, without repeating an address that may hold a password. */
function databaseFault(text: string): string | undefined {
  if (/^postgres(ql)?:\/\//.test(text))
    return URL.canParse(text) ? undefined : 'is not a valid postgres:// address';
  if (!text.startsWith('sqlite:')) return 'must be sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME';
  return text === 'sqlite:' || /^sqlite:\/\/[^/]/.test(text)
    ? 'must be written sqlite:./data/signet.db or sqlite:/var/lib/signet/signet.db'
    : undefined;
}

const masterSecretFault = (text: string): string | undefined =>
  Buffer.byteLength(text) >= 32
    ? undefined
    : 'is shorter than 32 bytes: make one with openssl rand -base64 32';

/** Settings of the whole server. */
export const serverShape = {
  listen: z
    .strictObject({
      host: textWith(253, hostFault)
        .optional()
        .meta({ description: 'Address to listen on; 0.0.0.0 and :: are all addresses.', usual: '127.0.0.1' }),
      port: z.int().min(0).max(65_535).optional().meta({
        description: 'Port to listen on; 0 lets the system choose.',
        usual: 'port of the issuer when it names this machine, else 8080',
      }),
    })
    .optional()
    .meta({ description: 'Where the server listens.' }),
  tls: z
    .strictObject({
      cert_file: path.meta({ description: 'Certificate and its chain, PEM.' }),
      key_file: path.meta({ description: 'Private key of the certificate, PEM.' }),
    })
    .optional()
    .meta({ description: 'Own TLS, without a proxy in front.' }),
  database: textWith(4096, databaseFault).optional().meta({
    description: 'Where everything is kept: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME.',
    usual: 'sqlite:./data/signet.db',
  }),
  master_secret: textWith(1024, masterSecretFault).optional().meta({
    description: 'Seals signing keys at rest; at least 32 bytes.',
    usual: 'made at the first start, beside the database',
  }),
  trusted_proxies: listOf(textWith(100, cidrFault), 1000).default([]).meta({
    description:
      'Networks of proxies whose word for the address of a client is taken. Nothing else is taken from them.',
  }),
  log: z
    .strictObject({
      level: z
        .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
        .default('info')
        .meta({ description: 'Least important lines that are written.' }),
      format: z
        .enum(['json', 'text'])
        .default('json')
        .meta({ description: 'One JSON object a line, or words for people.' }),
      requests: z.enum(['all', 'errors', 'none']).default('errors').meta({
        description:
          'Requests that get a line: every one, those with status 400 and above, or none. Never with a query, a body or a header.',
      }),
    })
    .prefault({})
    .meta({ description: 'What is written to standard output.' }),
  management: z
    .strictObject({
      host: textWith(253, hostFault)
        .default('127.0.0.1')
        .meta({ description: 'Address to listen on. Whoever reaches it can read how much is going on.' }),
      port: z.int().min(0).max(65_535).optional().meta({
        description: 'Port to listen on; 0 lets the system choose.',
        usual: 'none: there is no management listener and nothing is measured',
      }),
    })
    .prefault({})
    .meta({
      description: 'A listener of its own for /metrics and /health, which never stand on the public one.',
    }),
  shutdown: z
    .strictObject({
      delay: durationSchema(0).prefault('3s').meta({
        description:
          'After SIGTERM, how long requests are still accepted while readiness fails, so that whoever probes it sends nobody here any more. Not waited for when nobody has asked for readiness within the last minute.',
        kind: 'duration',
        usual: '3s',
      }),
      patience: durationSchema(1).prefault('10s').meta({
        description:
          'After SIGTERM, how long the process lives at most: what is then not answered is broken off.',
        kind: 'duration',
        usual: '10s',
      }),
    })
    .prefault({})
    .meta({ description: 'How the server ends.' }),
  overload: z
    .strictObject({
      most_in_flight: z.int().min(1).max(1_000_000).default(1000).meta({
        description: 'Requests that are answered at once; further ones get 503 with Retry-After.',
      }),
      longest_turn_ms: z.int().min(1).max(60_000).default(100).meta({
        description:
          'Milliseconds that a turn of the event loop may last. While turns are longer, fewer requests are let in.',
      }),
    })
    .prefault({})
    .meta({ description: 'When requests are turned away so that the others are answered in time.' }),
  outbound: z
    .strictObject({
      allow_hosts: listOf(
        textWith(253, hostFault).transform((text) => text.toLowerCase()),
        1000,
      )
        .default([])
        .meta({
          description:
            'Hosts inside your own network that the server may fetch from, for example for jwks_uri.',
        }),
    })
    .prefault({})
    .meta({ description: 'Requests that the server itself makes; only public addresses are open to it.' }),
  mail: mailSetting,
  allow_insecure_issuer: z.boolean().default(false).meta({
    description:
      'Allow an http:// issuer that is not this machine. Passwords and tokens can then be read on the way.',
  }),
};

/** Settings of one provider, beside its clients and users. */
export const tenantShape = {
  issuer: z.string().optional().meta({
    description:
      'The public address of the provider, without a slash at the end: the one name in every token. Required in a file.',
    usual: 'http://localhost:8080 without a file',
  }),
  sites: listOf(z.string().max(2048), 100).default([]).meta({
    description:
      'Further issuers of the same provider, each at a host of its own, with the same applications, people and keys. A request is answered by the issuer of the host it came to.',
  }),
  profile: z
    .string()
    .default('standard')
    .meta({ description: 'Whose manners the provider has: paths, scopes, lifetimes and defaults.' }),
  display_name: displayName.default(DISPLAY_NAME).meta({ description: 'What pages call this provider.' }),
  lifetimes: z.strictObject(lifetimesShape).prefault({}).meta({ description: 'How long things last.' }),
  signing_algorithm: changeableShape.signing_algorithm,
  access_token_format: changeableShape.access_token_format,
  require_pkce: changeableShape.require_pkce,
  consent: changeableShape.consent,
  refresh_token_rotation: changeableShape.refresh_token_rotation,
  sign_in_by_email: changeableShape.sign_in_by_email,
  ...registrationShape,
  client_file: path.optional().meta({
    description:
      'File of applications in the form of the system whose profile it is; they replace those of the profile. A faulty entry is left out with a warning.',
    usual: 'the applications of the profile',
  }),
  password_reset_uri: changeableShape.password_reset_uri,
  insecure_redirect_uris: listOf(z.string().max(2048), 100).default([]).meta({
    description:
      'Redirect URIs over plain http on other machines that applications may register all the same. What is sent there can be read on the way.',
  }),
  scopes: z
    .array(scopeSchema)
    .max(1000)
    .default([])
    .meta({ description: 'Further scopes, beside those of the profile; one of the same name replaces it.' }),
  resources: z
    .array(resourceSchema)
    .max(1000)
    .default([])
    .meta({ description: 'APIs that access tokens can be made for (RFC 8707).' }),
};

/** Settings that are secrets, by their groups: each can stand in a file of its own, named by the key with `_file`. */
export const SECRET_SETTINGS: readonly Readonly<{ group?: string; key: string }>[] = [
  { key: 'database' },
  { key: 'master_secret' },
  { group: 'mail', key: 'smtp' },
];

const secretFileShape = {
  database_file: path
    .optional()
    .meta({ description: 'File that holds the address of the database (not the database itself).' }),
  master_secret_file: path.optional().meta({ description: 'File that holds the master secret.' }),
};

const variableName = words(200).optional();

const clientEntry = clientSchema.extend({
  client_secret_file: path
    .optional()
    .meta({ description: 'File that holds the client secret, in the place of client_secret.' }),
  client_secret_env: variableName.meta({
    description: 'Variable of the environment that holds the client secret, in the place of client_secret.',
  }),
});

const userEntry = userSchema.extend({
  password_file: path
    .optional()
    .meta({ description: 'File that holds the password, in the place of password.' }),
  password_env: variableName.meta({
    description: 'Variable of the environment that holds the password, in the place of password.',
  }),
});

const peopleShape = {
  clients: z
    .array(clientEntry)
    .max(MAX_ENTRIES)
    .default([])
    .meta({ description: 'Applications; created or brought up to date at every start.' }),
  users: z
    .array(userEntry)
    .max(MAX_ENTRIES)
    .default([])
    .meta({ description: 'People; created or brought up to date at every start.' }),
  groups: z
    .array(groupSchema)
    .max(MAX_ENTRIES)
    .default([])
    .meta({ description: 'Groups of people; created or brought up to date at every start.' }),
};

const tenantName = textWith(63, (text) =>
  /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text) ? undefined : 'must be lower-case letters, digits and hyphens',
).meta({ description: 'The name of the provider on the command line and in logs.' });

/** One entry of `tenants`, its clients and users left aside. */
export const namedTenantShape = { name: tenantName, ...tenantShape };

/** One entry of `tenants` with all its keys. */
export const tenantEntry = z.strictObject({ ...namedTenantShape, ...peopleShape });

/** Everything a file may say: the one table that checks, documents and completes it. */
export const settingsSchema = z.strictObject({
  ...tenantShape,
  ...serverShape,
  ...secretFileShape,
  ...peopleShape,
  tenants: z.array(tenantEntry).max(100_000).optional().meta({
    description:
      'Several providers on one server, each with a name and the keys of one; issuer, profile, clients and the like then stand only in here.',
  }),
});

export type ServerFields = { [Key in keyof typeof serverShape]: z.output<(typeof serverShape)[Key]> };
export type TenantFields = { [Key in keyof typeof tenantShape]: z.output<(typeof tenantShape)[Key]> };
