import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';

export interface Crumb {
  label: string;
  to: string;
}

export interface PageProps {
  /** The page's one first heading, and the window's title. */
  title: string;
  /** Buttons that concern the whole page. */
  actions?: ReactNode;
  /** The pages above this one, from the outside in. */
  breadcrumbs?: readonly Crumb[];
  /** A sentence below the title. */
  lead?: ReactNode;
  children: ReactNode;
}

/** Whether a page was shown before: a change of page moves the focus, the first load does not. */
let isShown = false;

/** Every page's outermost element. Whoever comes from another page has the focus moved to its heading. */
export function Page({ title, actions, breadcrumbs, lead, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Tessera`;
  }, [title]);
  useEffect(() => {
    if (isShown) heading.current?.focus({ preventScroll: true });
    isShown = true;
  }, []);
  return (
    <Stack gap="md">
      {breadcrumbs && (
        <nav aria-label="Breadcrumbs">
          <Breadcrumbs>
            {breadcrumbs.map(({ label, to }) => (
              <Anchor key={to} component={Link} to={to} activeOptions={{ exact: true }} underline="always">
                {label}
              </Anchor>
            ))}
          </Breadcrumbs>
        </nav>
      )}
      <Group justify="space-between" align="start">
        <div>
          <Title order={1} size="h2" ref={heading} tabIndex={-1} className="page-title">
            {title}
          </Title>
          {lead && <Text c="dimmed">{lead}</Text>}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
