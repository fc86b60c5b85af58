/** Every entity of the versioning of patterns. */
import { Branch } from './Branch.ts';
import { Commit } from './Commit.ts';
import { Change } from './Change.ts';
import { Release } from './Release.ts';

export const versionEntities = [Branch, Commit, Change, Release];
