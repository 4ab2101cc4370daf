import { Fieldset, NativeSelect, Stack, Switch, TextInput } from '@mantine/core';
import { fieldFault } from '../api/http.ts';
import { useInherited } from '../api/settings.ts';
import type { Client } from '../api/types.ts';
import type { FormValues, TextName } from './form-values.ts';
import { redirectFault, redirectHint } from './redirect-check.ts';
import { UriList } from './uri-list.tsx';

export type FieldsProps = Readonly<{
  client: Client;
  values: FormValues;
  set: (part: Partial<FormValues>) => void;
  fault: unknown;
}>;

type TextFieldProps = Readonly<{ name: TextName; label: string; says?: string; placeholder?: string }> &
  FieldsProps;

export function TextField({ name, label, says, placeholder, values, set, fault }: TextFieldProps) {
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

type ChoiceProps = Readonly<{
  name: TextName | 'require_pkce';
  label: string;
  options: readonly (readonly [value: string, label: string])[];
}> &
  FieldsProps;

export function Choice({ name, label, options, values, set, fault }: ChoiceProps) {
  return (
    <NativeSelect
      label={label}
      data={options.map(([value, text]) => ({ value, label: text }))}
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
      <TextField
        {...fields}
        name="description"
        label="Description"
        says="What it is for. Only this console shows it."
      />
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

/** What people meet on the pages of the sign-in. */
export function SignInFields(fields: FieldsProps) {
  return (
    <Fieldset legend="What people see">
      <Stack>
        <TextField {...fields} name="client_uri" label="Home page" placeholder="https://app.example.com/" />
        <TextField
          {...fields}
          name="policy_uri"
          label="Privacy policy"
          placeholder="https://app.example.com/privacy"
        />
        <TextField
          {...fields}
          name="tos_uri"
          label="Terms of service"
          placeholder="https://app.example.com/terms"
        />
        <Choice
          {...fields}
          name="consent"
          label="Consent"
          options={[
            ['remember', 'Ask each person once'],
            ['always', 'Ask each time'],
            ['skip', 'Never ask: the application is our own'],
          ]}
        />
        <TextField
          {...fields}
          name="default_max_age"
          label="Ask for the password again after (seconds)"
          placeholder="As long as the session lasts"
        />
      </Stack>
    </Fieldset>
  );
}

export function TokenFields(fields: FieldsProps) {
  const inherited = useInherited();
  const usual = (name: string): string => `${inherited(name)} (as the provider says)`;
  return (
    <Fieldset legend="Tokens">
      <Stack>
        <TextField
          {...fields}
          name="access_token_lifetime"
          label="Access tokens are good for (seconds)"
          placeholder={usual('lifetimes.access_token')}
        />
        <TextField
          {...fields}
          name="refresh_token_lifetime"
          label="Refresh tokens are good for (seconds)"
          placeholder={usual('lifetimes.refresh_token')}
        />
        <Choice
          {...fields}
          name="access_token_format"
          label="Form of access tokens"
          options={[
            ['', `As the provider says: ${inherited('access_token_format')}`],
            ['jwt', 'Signed, for APIs that check them on their own (jwt)'],
            ['opaque', 'A text that only this server can read (opaque)'],
          ]}
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
