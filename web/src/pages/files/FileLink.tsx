import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type FilePlace, linkToFile } from './places.ts';

interface FileLinkProps {
  projectId: string;
  place: { path: string } & Partial<FilePlace>;
  children: ReactNode;
}

/** Leads to a file, some of its lines, or a thread in it. */
export const FileLink = ({ projectId, place, children }: FileLinkProps) => (
  <Link {...linkToFile(projectId, place)} className="text-link" preload={false}>
    {children}
  </Link>
);
