import { Checkbox, Fieldset, NativeSelect, Stack, Switch, TextInput } from '@mantine/core';
import { fieldFault } from '../api/http.ts';
import type { Client } from '../api/types.ts';
import type { FormValues } from './form-values.ts';
import { redirectFault, redirectHint } from './redirect-check.ts';
import { UriList } from './uri-list.tsx';

type FieldsProps = Readonly<{
  client: Client;
  values: FormValues;
  set: (part: Partial<FormValues>) => void;
  fault: unknown;
}>;

/** The fields beside which a refusal is shown. */
export const SHOWN = [
  'client_name',
  'client_uri',
  'redirect_uris',
  'post_logout_redirect_uris',
  'grant_types',
  'token_endpoint_auth_method',
  'scope',
  'access_token_lifetime',
  'refresh_token_lifetime',
  'backchannel_logout_uri',
];

type TextFieldProps = Readonly<{
  name:
    | 'client_name'
    | 'client_uri'
    | 'scope'
    | 'access_token_lifetime'
    | 'refresh_token_lifetime'
    | 'backchannel_logout_uri';
  label: string;
  says?: string;
  placeholder?: string;
}> &
  FieldsProps;

function TextField({ name, label, says, placeholder, values, set, fault }: TextFieldProps) {
  return (
    <TextInput
      label={label}
      description={says}
      placeholder={placeholder}
      value={values[name]}
      error={fieldFault(fault, name)}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  );
}

export function BasicFields(fields: FieldsProps) {
  const { values, set } = fields;
  return (
    <Stack>
      <TextField {...fields} name="client_name" label="Name" says="People see it when they sign in." />
      <TextField {...fields} name="client_uri" label="Home page" placeholder="https://app.example.com/" />
      <Switch
        label="Disabled"
        description="Everything is refused to it until this is switched off."
        checked={values.disabled}
        onChange={(event) => set({ disabled: event.currentTarget.checked })}
      />
    </Stack>
  );
}

export function AddressFields({ client, values, set, fault }: FieldsProps) {
  const faultOf = (text: string): string | undefined =>
    client.redirect_uris.includes(text) ? undefined : redirectFault(text, client.application_type);
  return (
    <>
      <UriList
        label="Redirect URIs"
        says="Where people return to after they signed in. Every character is compared."
        example="https://app.example.com/callback"
        values={values.redirect_uris}
        onChange={(redirect_uris) => set({ redirect_uris })}
        faultOf={faultOf}
        hintOf={redirectHint}
        refused={fieldFault(fault, 'redirect_uris')}
      />
      <UriList
        label="After sign-out"
        says="Where people may be sent when they have signed out."
        example="https://app.example.com/"
        values={values.post_logout_redirect_uris}
        onChange={(post_logout_redirect_uris) => set({ post_logout_redirect_uris })}
        faultOf={faultOf}
        refused={fieldFault(fault, 'post_logout_redirect_uris')}
      />
    </>
  );
}

const GRANTS = [
  ['authorization_code', 'People sign in (authorization_code)'],
  ['refresh_token', 'Stays signed in (refresh_token)'],
  ['client_credentials', 'Acts in its own name (client_credentials)'],
] as const;

const METHODS = [
  { value: 'client_secret_basic', label: 'Secret in the Authorization header (client_secret_basic)' },
  { value: 'client_secret_post', label: 'Secret in the form (client_secret_post)' },
  { value: 'client_secret_jwt', label: 'JWT signed with the secret (client_secret_jwt)' },
  { value: 'private_key_jwt', label: 'JWT signed with its own key (private_key_jwt)' },
  { value: 'none', label: 'Nothing: it cannot keep a secret (none)' },
];

export function AccessFields(fields: FieldsProps) {
  const { values, set, fault } = fields;
  const others = values.grant_types.filter((type) => GRANTS.every(([known]) => known !== type));
  return (
    <Fieldset legend="What it may do">
      <Stack>
        <Checkbox.Group
          label="Ways to get tokens"
          value={[...values.grant_types]}
          error={fieldFault(fault, 'grant_types')}
          onChange={(chosen) =>
            set({ grant_types: [...chosen, ...others.filter((type) => !chosen.includes(type))] })
          }
        >
          <Stack gap="xs" mt="xs">
            {GRANTS.map(([value, label]) => (
              <Checkbox key={value} value={value} label={label} />
            ))}
          </Stack>
        </Checkbox.Group>
        <NativeSelect
          label="How it proves itself"
          data={METHODS}
          value={values.token_endpoint_auth_method}
          error={fieldFault(fault, 'token_endpoint_auth_method')}
          onChange={(event) => set({ token_endpoint_auth_method: event.currentTarget.value })}
        />
        <TextField
          {...fields}
          name="scope"
          label="Scopes"
          says="Separated by blanks."
          placeholder="Every scope of the provider"
        />
        <NativeSelect
          label="Consent"
          data={[
            { value: 'remember', label: 'Ask each person once' },
            { value: 'always', label: 'Ask each time' },
            { value: 'skip', label: 'Never ask: the application is our own' },
          ]}
          value={values.consent}
          onChange={(event) => set({ consent: event.currentTarget.value })}
        />
        <NativeSelect
          label="PKCE"
          data={[
            { value: 'inherited', label: 'As the provider does' },
            { value: 'yes', label: 'Required' },
            { value: 'no', label: 'Not required' },
          ]}
          value={values.require_pkce}
          onChange={(event) => set({ require_pkce: pkceOf(event.currentTarget.value) })}
        />
      </Stack>
    </Fieldset>
  );
}

const pkceOf = (text: string): FormValues['require_pkce'] =>
  text === 'yes' || text === 'no' ? text : 'inherited';

export function TokenFields(fields: FieldsProps) {
  return (
    <Fieldset legend="Tokens">
      <Stack>
        <TextField
          {...fields}
          name="access_token_lifetime"
          label="Access tokens are good for (seconds)"
          placeholder="As the provider does"
        />
        <TextField
          {...fields}
          name="refresh_token_lifetime"
          label="Refresh tokens are good for (seconds)"
          placeholder="As the provider does"
        />
        <TextField
          {...fields}
          name="backchannel_logout_uri"
          label="Tell it of sign-outs at"
          says="Its server is told there that a session is over (back-channel logout)."
          placeholder="https://app.example.com/backchannel-logout"
        />
      </Stack>
    </Fieldset>
  );
}
