import { Checkbox, Fieldset, Stack, Switch, Textarea } from '@mantine/core';
import { fieldFault } from '../api/http.ts';
import { useInherited } from '../api/settings.ts';
import { site } from '../site.ts';
import { Choice, type FieldsProps, TextField } from './fields.tsx';

const GRANTS = [
  ['authorization_code', 'People sign in (authorization_code)'],
  ['refresh_token', 'Stays signed in (refresh_token)'],
  ['client_credentials', 'Acts in its own name (client_credentials)'],
  ['implicit', 'Tokens in the address of the browser: for old applications only (implicit)'],
  ['password', 'Takes the password itself: for old applications only (password)'],
] as const;

/** Ways that new applications should not use are offered where they are in use. */
const isOffered = (grant: string, registered: readonly string[]): boolean =>
  !['implicit', 'password'].includes(grant) ||
  registered.includes(grant) ||
  (grant === 'password' && site.profile === 'userclouds');

const METHODS = [
  ['client_secret_basic', 'Secret in the Authorization header (client_secret_basic)'],
  ['client_secret_post', 'Secret in the form (client_secret_post)'],
  ['client_secret_jwt', 'JWT signed with the secret (client_secret_jwt)'],
  ['private_key_jwt', 'JWT signed with its own key (private_key_jwt)'],
  ['none', 'Nothing: it cannot keep a secret (none)'],
] as const;

/** How the application gets tokens, and for what. */
export function AccessFields(fields: FieldsProps) {
  const { client, values, set, fault } = fields;
  const inherited = useInherited();
  const isRequired = inherited('require_pkce') === 'true' ? 'required' : 'not required';
  const offered = GRANTS.filter(([grant]) => isOffered(grant, client.grant_types));
  const others = values.grant_types.filter((type) => offered.every(([known]) => known !== type));
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
            {offered.map(([value, label]) => (
              <Checkbox key={value} value={value} label={label} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Choice
          {...fields}
          name="token_endpoint_auth_method"
          label="How it proves itself"
          options={METHODS}
        />
        <TextField
          {...fields}
          name="scope"
          label="Scopes"
          says="Separated by blanks."
          placeholder="Every scope of the provider"
        />
        <Choice
          {...fields}
          name="require_pkce"
          label="PKCE"
          options={[
            ['', `As the provider says: ${isRequired}`],
            ['yes', 'Required'],
            ['no', 'Not required'],
          ]}
        />
      </Stack>
    </Fieldset>
  );
}

/** Who may sign in to the application. */
export function PeopleFields({ values, set, fault }: FieldsProps) {
  const { allowed_users } = values;
  return (
    <Fieldset legend="Who may sign in">
      <Stack>
        <Switch
          label="Only these people"
          description="Everybody else is refused after the sign-in."
          checked={allowed_users !== null}
          onChange={(event) => set({ allowed_users: event.currentTarget.checked ? '' : null })}
        />
        {allowed_users !== null && (
          <Textarea
            label="Usernames"
            description="One in each line."
            rows={4}
            value={allowed_users}
            error={fieldFault(fault, 'allowed_users')}
            onChange={(event) => set({ allowed_users: event.currentTarget.value })}
          />
        )}
      </Stack>
    </Fieldset>
  );
}
