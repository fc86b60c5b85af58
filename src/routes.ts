/** `npm run routes`: every procedure, whose name is its permission, and the roles that hold it by default. */
import { appRouter } from './routers/_app.ts';
import { describeRoutes } from './routers/describeRoutes.ts';

const rows = describeRoutes(appRouter);
const width = (key: 'path' | 'type' | 'scope') => Math.max(...rows.map((row) => row[key].length));
for (const row of rows) {
  const cells = [
    row.path.padEnd(width('path')),
    row.type.padEnd(width('type')),
    row.scope.padEnd(width('scope')),
  ];
  console.log(`${cells.join('  ')}  ${row.roles.join(', ')}`);
}
console.log(`\n${rows.length} procedures`);
