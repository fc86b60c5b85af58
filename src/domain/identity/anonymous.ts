/** The name that deleted people and erased organizations have from then on, wherever theirs stood. */
export const anonymous = 'Deleted account';
