import { getClient } from '../admin/clients.ts';
import { loopbackRedirect } from '../admin/loopback-redirect.ts';
import type { Provider } from '../keys/provider.ts';
import type { ClientMetadata } from '../model/client.ts';
import { CommandError } from './command-error.ts';
import { withProvider } from './open-app.ts';
import { readSecret } from './secret-input.ts';
import { print, printable, toJson } from './terminal.ts';
import { clientAuthentication, type Tried, type TryOptions } from './try-client.ts';
import { tryCode, tryService } from './try-flows.ts';
import { renderStep, type TryStep } from './try-text.ts';

/** `signet try`: plays the application's whole part against the running server, and tells each step. */
export async function tryClient(options: TryOptions, client_id: string): Promise<void> {
  const given = await readSecret('client secret', {
    file: options.secretFile,
    stdin: options.secretStdin,
    prompt: options.secretPrompt,
  });
  await withProvider(options, 'must-exist', async (provider, app) => {
    const metadata = await requireClient(provider, client_id);
    const configured = app.config.tenants
      .find(({ name }) => name === provider.tenant.name)
      ?.clients.find((client) => client.metadata.client_id === client_id)?.client_secret;
    const auth = await clientAuthentication(metadata, {
      secret: given ?? configured,
      key: options.key,
    });
    const steps: TryStep[] = [];
    const tell = (step: TryStep): void => {
      steps.push(step);
      if (options.output === 'text') print(renderStep(step, steps.length));
    };
    const tried: Tried = { provider, metadata, auth, options, tell };
    try {
      await play(tried);
    } finally {
      if (options.output === 'json') print(toJson({ client_id, steps }));
    }
  });
}

async function play(tried: Tried): Promise<void> {
  const { metadata } = tried;
  const has = (type: string): boolean => metadata.grant_types.some((one) => one === type);
  const signsIn = has('authorization_code') || has('implicit');
  if (signsIn) {
    const redirect = loopbackRedirect(tried.provider.tenant, metadata);
    if (redirect !== undefined) await tryCode(tried, redirect);
    else if (!has('client_credentials')) throw noLoopback(metadata);
    else tried.tell({ step: 'Sign-in', says: `left out: ${noLoopback(metadata).message}` });
  }
  if (has('client_credentials')) await tryService(tried);
  if (!signsIn && !has('client_credentials')) {
    throw new CommandError(
      'conflict',
      `${printable(metadata.client_id)} has none of authorization_code, implicit and client_credentials among its grant_types: there is nothing to play.`,
    );
  }
}

async function requireClient(provider: Provider, client_id: string): Promise<ClientMetadata> {
  const client = await getClient(provider, client_id);
  if (client === undefined) throw new CommandError('unknown', `There is no client ${printable(client_id)}.`);
  if (client.disabled === true)
    throw new CommandError('conflict', `${printable(client_id)} is disabled, so nothing of it works.`);
  return client;
}

/** A client is never changed for the sake of a trial. */
const noLoopback = ({ client_id, redirect_uris }: ClientMetadata): CommandError =>
  new CommandError(
    'conflict',
    `${printable(client_id)} has no redirect to this machine, so its answers cannot be caught here. Register http://127.0.0.1/callback beside the others for as long as you try it (any port is good then):\n` +
      `  signet client update ${printable(client_id)} ${[...redirect_uris, 'http://127.0.0.1/callback'].map((uri) => `--redirect-uri ${printable(uri)}`).join(' ')}`,
  );
