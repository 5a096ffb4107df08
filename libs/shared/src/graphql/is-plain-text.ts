import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isPlainText } from '../plain-text.js';

/** For names and titles that others read: nothing in them that is not seen, or makes them look like others (`isPlainText`). */
export const IsPlainText = (options?: ValidationOptions): PropertyDecorator =>
  ValidateBy({
    name: 'isPlainText',
    validator: {
      validate: (value): boolean => typeof value === 'string' && isPlainText(value),
      defaultMessage: () => '$property must be plain text: without control characters, invisible characters and changes of direction',
    },
  }, options);
