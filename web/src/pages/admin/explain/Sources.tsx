import { List } from '@mantine/core';
import { type Explanation, describeSource } from './describe.ts';

/** Roles, and by which way each is had. */
export const Sources = ({ roles }: { roles: Explanation['roles'] }) => (
  <List size="sm">
    {roles.map((source) => (
      <List.Item key={`${source.role} ${describeSource(source)}`}>
        <strong>{source.role}</strong>: {describeSource(source)}
      </List.Item>
    ))}
  </List>
);
