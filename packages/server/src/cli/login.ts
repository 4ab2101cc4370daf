import * as oauth from 'oauth4webapi';
import { ADMIN_API_PATH, ADMIN_SCOPES, COMMAND_LINE_CLIENT_ID } from '../model/admin-api.ts';
import { PROFILES } from '../profiles/profiles.ts';
import { standard } from '../profiles/standard.ts';
import { causeOf, discover, type Peer, redeemCode, signPersonIn } from './authorize.ts';
import { CommandError } from './command-error.ts';
import { credentialsFile, findHeld, keep } from './credentials.ts';
import { heldFrom } from './held.ts';
import { callServer, serverAt } from './remote.ts';
import { printOne, type ResultOptions } from './result.ts';
import { say } from './terminal.ts';

/** `browser` is false for `--no-browser`. */
export type LoginOptions = ResultOptions & Readonly<{ browser: boolean }>;

/** `signet login`: signs a person in at a server, and keeps what commands with `--server` need. */
export async function login(options: LoginOptions, address: string): Promise<void> {
  const server = serverAt(address);
  const peer = await findIssuer(server);
  const tokens = await tokensOf(peer, server, options.browser);
  keep(server, heldFrom(peer.server.issuer, tokens));
  const me = await callServer(server, 'GET', '/me');
  say(`Signed in at ${server}. The tokens are in ${credentialsFile()}, for this user alone.`);
  printOne(options, server, { server, ...me.body });
}

/** `signet logout`: ends at the server what was kept, and forgets it. */
export async function logout(_: ResultOptions, address: string): Promise<void> {
  const server = serverAt(address);
  const held = findHeld(server);
  if (held === undefined) throw new CommandError('unknown', `You are not signed in at ${server}.`);
  // It is forgotten also where the server cannot be reached.
  keep(server, undefined);
  const token = held.refresh_token ?? held.access_token;
  try {
    const {
      server: as,
      client,
      auth,
      options,
    } = await discover(held.issuer, {
      client_id: COMMAND_LINE_CLIENT_ID,
    });
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, token, options));
  } catch (fault) {
    throw new CommandError(
      'fault',
      `What was kept is forgotten here, but ${server} was not told of it: ${causeOf(fault)}.`,
    );
  }
  say(`Signed out at ${server}.`);
}

/** The issuer at an address: some profiles put something behind it. */
async function findIssuer(server: string): Promise<Peer> {
  const paths = [...new Set(Object.values(PROFILES).map(({ issuer_path }) => issuer_path))];
  const client = { client_id: COMMAND_LINE_CLIENT_ID };
  for (const path of paths.filter((one) => one !== standard.issuer_path)) {
    const found = await discover(server + path, client).catch(() => undefined);
    if (found !== undefined) return found;
  }
  return discover(server, client);
}

async function tokensOf(peer: Peer, server: string, browser: boolean): Promise<oauth.TokenEndpointResponse> {
  try {
    const signedIn = await signPersonIn(peer, {
      redirect_uri: 'http://127.0.0.1/callback',
      parameters: {
        scope: ['openid', 'offline_access', ...ADMIN_SCOPES].join(' '),
        resource: server + ADMIN_API_PATH,
      },
      browser,
    });
    return (await redeemCode(peer, signedIn)).tokens;
  } catch (fault) {
    if (fault instanceof CommandError) throw fault;
    throw new CommandError('fault', `Nobody was signed in: ${causeOf(fault)}.`);
  }
}
