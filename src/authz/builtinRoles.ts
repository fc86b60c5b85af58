/** The built-in roles, as a fresh system starts with; after installation the database alone counts. */
export interface BuiltinRole {
  name: string;
  scope: 'system' | 'project';
  description: string;
  /** Roles whose permissions it has too. */
  inherits: string[];
}

/** Roles that an actor can be given. */
export const builtinRoles: BuiltinRole[] = [
  { name: 'admin', scope: 'system', description: 'Everything, everywhere.', inherits: [] },
  { name: 'user', scope: 'system', description: 'Every signed-in actor.', inherits: [] },
  {
    name: 'owner',
    scope: 'project',
    description: 'Everything in the project, deleting it included; may come to pay for its jobs.',
    inherits: ['manager'],
  },
  {
    name: 'manager',
    scope: 'project',
    description: 'Members and settings of the project.',
    inherits: ['developer'],
  },
  {
    name: 'developer',
    scope: 'project',
    description: 'Runs jobs and moderates discussions.',
    inherits: ['editor'],
  },
  { name: 'editor', scope: 'project', description: 'Writes and discusses.', inherits: ['viewer'] },
  { name: 'viewer', scope: 'project', description: 'Reads.', inherits: ['guest'] },
];

/** Roles that nobody is given: everyone, everyone signed in, everyone signed in at a public project. */
export type ImplicitRole = 'anonymous' | 'authenticated' | 'guest';
export const implicitRoles: readonly { name: ImplicitRole; description: string }[] = [
  { name: 'anonymous', description: 'Everyone, signed in or not.' },
  { name: 'authenticated', description: 'Everyone who is signed in.' },
  { name: 'guest', description: 'Everyone who is signed in, in a public project.' },
];
