import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { signIn } from '../session.ts';
import { site } from '../site.ts';

/** The sign-in ended without a session: says why, and lets the person try again. */
export function SignInRefused({ reason }: Readonly<{ reason: string }>) {
  const again = (): void => {
    history.replaceState(null, '', `${site.path}/`);
    void signIn();
  };
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack maw={480}>
        <Title order={1}>You are not signed in</Title>
        <Text>{reason}</Text>
        <Button onClick={again}>Sign in</Button>
      </Stack>
    </Center>
  );
}
