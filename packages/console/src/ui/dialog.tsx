import { CloseButton, Group, Modal, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';

type DialogProps = Readonly<{
  title: string;
  opened: boolean;
  onClose: () => void;
  size?: string;
  children: ReactNode;
}>;

/** A dialog over the page; Escape closes it. */
export function Dialog({ title, opened, onClose, size = 'md', children }: DialogProps) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size={size} yOffset="10vh">
      <Modal.Overlay />
      <Modal.Content aria-label={title}>
        <Modal.Body p="md">
          <Stack>
            <Group justify="space-between" wrap="nowrap" align="flex-start">
              <Title order={2} size="h4" className="break">
                {title}
              </Title>
              <CloseButton aria-label="Close" onClick={onClose} />
            </Group>
            {children}
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
