import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { Dialog } from './dialog.tsx';
import { Fault } from './page.tsx';

type ConfirmProps = Readonly<{
  /** What the button says that opens the question, and the one that answers it. */
  action: string;
  title: string;
  children: ReactNode;
  danger?: boolean;
  variant?: string;
  size?: string;
  disabled?: boolean;
  onConfirm: () => Promise<unknown>;
}>;

/** A button that asks before it acts, and stays open with the reason when the server refuses. */
export function Confirm(props: ConfirmProps) {
  const {
    action,
    title,
    children,
    danger = false,
    variant = 'default',
    size = 'sm',
    disabled = false,
    onConfirm,
  } = props;
  const [isOpen, { open, close }] = useDisclosure(false);
  const [fault, setFault] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    await onConfirm().then(close, setFault);
    setBusy(false);
  };
  return (
    <>
      <Button
        variant={variant}
        size={size}
        disabled={disabled}
        onClick={open}
        {...(danger && { c: 'var(--mantine-color-error)' })}
      >
        {action}
      </Button>
      <Dialog opened={isOpen} onClose={close} title={title}>
        <Text component="div">{children}</Text>
        <Fault fault={fault} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button
            color={danger ? 'red.9' : 'indigo'}
            loading={busy}
            onClick={() => void confirm()}
            data-autofocus
          >
            {action}
          </Button>
        </Group>
      </Dialog>
    </>
  );
}
