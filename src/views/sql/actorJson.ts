/** An actor joined under `alias` as the value of an `ActorRef`; null where none was joined. */
export const actorJson = (alias: string): string =>
  `case when ${alias}.id is not null then jsonb_build_object('id', ${alias}.id, 'username', ${alias}.username,
    'name', ${alias}.name, 'actorType', ${alias}.actor_type) end`;
