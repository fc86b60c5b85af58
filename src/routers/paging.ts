export * from '../views/paging.ts';
