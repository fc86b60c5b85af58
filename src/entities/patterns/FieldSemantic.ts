import { defineEntity, p } from '@mikro-orm/core';
import { Field } from './Field.ts';
import { OntologyClass } from './OntologyClass.ts';

/** What a class is to a field: what the field is said of, and what its values are; a property says it itself. */
export const semanticRelations = ['domain', 'property', 'range'] as const;
export type SemanticRelation = (typeof semanticRelations)[number];

/** What a field means, in terms of an ontology. */
export const FieldSemanticSchema = defineEntity({
  name: 'FieldSemantic',
  tableName: 'field_semantics',
  checks: [{ name: 'field_semantics_order_not_negative', expression: 'order_index >= 0' }],
  properties: {
    fieldId: () => p.manyToOne(Field).mapToPk().primary().deleteRule('cascade'),
    classId: () => p.manyToOne(OntologyClass).mapToPk().primary().deleteRule('cascade').index(),
    relation: p.enum(semanticRelations).nativeEnumName('semantic_relation').primary(),
    /** From 0, without gaps: a path through several properties is read in this order. */
    orderIndex: p.integer(),
  },
});

export class FieldSemantic extends FieldSemanticSchema.class {}
FieldSemanticSchema.setClass(FieldSemantic);
