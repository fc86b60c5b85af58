/** One of somebody's places in a project: a tab, a device, or a connection of theirs. */
export interface PlaceKey {
  projectId: string;
  actorId: string;
  /** Made by the client, or out of its connection or credential; at most 64 characters. */
  placeId: string;
}

/** What somebody has open there; both null: the project as such. */
export interface Spot {
  filePath: string | null;
  threadId: string | null;
}

/** As one text, for maps. */
export const keyText = ({ projectId, actorId, placeId }: PlaceKey): string =>
  `${projectId} ${actorId} ${placeId}`;

/** Places that one actor may have, in all projects together, and that one project may have. */
export const mostPlaces = { ofActor: 64, ofProject: 1000 };
