// What readers are told of an Experiment's fields.

import { describe, expect, it } from 'vitest';
import { fieldName, withFieldName } from '../../www/field-names';

const METHODS = ['exact', 'cg', 'neumann'];

describe('a field', () => {
  it('of a method is told with the method, by its place and its name', () => {
    expect(fieldName('methods[2].scale', METHODS)).toBe('Scale of the third method (Neumann)');
    expect(fieldName('methods[1]', METHODS)).toBe('the second method (CG)');
    expect(fieldName('methods[0].method', ['magic'])).toBe('method of the first method');
    expect(fieldName('methods[20].batch', [])).toBe('Data in a batch of method 21');
  });

  it('is called as its control is, and counted from one', () => {
    expect(fieldName('weight_decay', [])).toBe('Weight decay');
    expect(fieldName('fisher_samples', [])).toBe('Draws of the sampled Fisher');
    expect(fieldName('network.layers[1]', [])).toBe('Units in each layer, no. 2');
    expect(fieldName('data.inputs[4][0]', [])).toBe('Inputs of your own data, row 5, column 1');
  });

  it('that the page knows nothing of keeps its path', () => {
    expect(fieldName('dampng', [])).toBe('dampng');
    expect(fieldName('toString', [])).toBe('toString');
  });
});

describe('a refusal', () => {
  it('has the name in the place of the path, and its reason as it was', () => {
    const refusal = 'methods[2].scale: -1 is not a scale between 0 and 1e9: it is below 0';
    expect(withFieldName(refusal, METHODS)).toBe(
      'Scale of the third method (Neumann): -1 is not a scale between 0 and 1e9: it is below 0',
    );
  });

  it('speaks of losses and laws as the page does, and lists what a file may say as it is written there', () => {
    expect(withFieldName('network.layers[2]: cross_entropy needs at least 2 outputs, one a class', [])).toBe(
      'Units in each layer, no. 3: cross-entropy needs at least 2 outputs, one a class',
    );
    expect(withFieldName('data.generator: "ill_conditioned" is a regression: it needs the loss mse', [])).toBe(
      'Data: “ill-conditioned” is a regression: it needs the squared loss',
    );
    const list = 'loss: "hinge" is not one of "mse", "cross_entropy"';
    expect(withFieldName(list, [])).toBe(list.replace('loss', 'Loss'));
  });

  it('of nothing in particular stays as it is', () => {
    expect(withFieldName('the module could not be loaded', METHODS)).toBe('the module could not be loaded');
  });
});
