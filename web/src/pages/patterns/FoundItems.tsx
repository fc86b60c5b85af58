import { Anchor, Badge, Code, Group, Paper, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type Found, oneOf } from '../../search/found.ts';
import { linkOf } from '../../search/linkOf.ts';

/** What was found, the best first, each leading to its page. */
export function FoundItems({ items }: { items: readonly Found[] }) {
  if (items.length === 0) return null;
  return (
    <Stack component="ul" className="parts" gap="xs" aria-label="Found">
      {items.map((item) => (
        <Paper key={item.id} component="li" withBorder p="sm">
          <Group gap="xs">
            <Anchor component={Link} {...(linkOf(item) as { to: string })} fw={600}>
              {item.name}
            </Anchor>
            {item.identifier && <Code>{item.identifier}</Code>}
            <Badge variant="default" tt="none">
              {oneOf(item.kind)}
            </Badge>
          </Group>
          {item.excerpt && (
            <Text size="sm" lineClamp={2}>
              {item.excerpt}
            </Text>
          )}
        </Paper>
      ))}
    </Stack>
  );
}
