/** A project `p` as the value of a `ProjectRef`. */
export const projectRefJson = `jsonb_build_object('id', p.id, 'name', p.name, 'identifier', p.identifier)`;
