import ts from "typescript";

type Schema = Record<string, unknown>;

/**
 * The JSON Schema of a type that a module exports, strict: a field that the type does not have is refused. The compiler
 * accepts such a field wherever it arrives through a spread; Grafana would ignore it without a word.
 */
export function schemaOfType(file: string, name: string): Schema {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile("tsconfig.json", ts.sys.readFile).config,
    ts.sys,
    ".",
  );
  const program = ts.createProgram([file], { ...options, types: [] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const symbol = module && checker.getExportsOfModule(module).find((one) => one.name === name);
  if (symbol === undefined) throw new Error(`${file} exports no ${name}`);
  const definitions: Schema = {};
  const schema = new Converter(checker, definitions).schemaOf(checker.getDeclaredTypeOfSymbol(symbol));
  return { ...schema, definitions };
}

class Converter {
  readonly #checker: ts.TypeChecker;
  readonly #definitions: Schema;
  readonly #names = new Map<ts.Type, string>();

  constructor(checker: ts.TypeChecker, definitions: Schema) {
    this.#checker = checker;
    this.#definitions = definitions;
  }

  schemaOf(type: ts.Type): Schema {
    const { flags } = type;
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (type.isUnion()) return { anyOf: type.types.filter(isValue).map((member) => this.schemaOf(member)) };
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: this.#checker.typeToString(type) === "true" };
    if (flags & ts.TypeFlags.Null) return { type: "null" };
    if (flags & ts.TypeFlags.StringLike) return { type: "string" };
    if (flags & ts.TypeFlags.NumberLike) return { type: "number" };
    if (flags & ts.TypeFlags.BooleanLike) return { type: "boolean" };
    if (this.#checker.isArrayLikeType(type)) {
      const [item] = this.#checker.getTypeArguments(type as ts.TypeReference);
      return { type: "array", items: item ? this.schemaOf(item) : {} };
    }
    return this.#objectSchema(type);
  }

  /** Objects are named, because types refer to themselves. */
  #objectSchema(type: ts.Type): Schema {
    const known = this.#names.get(type);
    const name = known ?? `type${this.#names.size}`;
    if (known === undefined) {
      this.#names.set(type, name);
      this.#definitions[name] = this.#fieldsSchema(type);
    }
    return { $ref: `#/definitions/${name}` };
  }

  #fieldsSchema(type: ts.Type): Schema {
    const fields = this.#checker.getPropertiesOfType(type);
    const others = this.#checker.getIndexTypeOfType(type, ts.IndexKind.String);
    return {
      type: "object",
      properties: Object.fromEntries(
        fields.map((field) => [field.name, this.schemaOf(this.#checker.getTypeOfSymbol(field))]),
      ),
      required: fields.filter(({ flags }) => !(flags & ts.SymbolFlags.Optional)).map(({ name }) => name),
      additionalProperties: others ? this.schemaOf(others) : false,
    };
  }
}

function isValue({ flags }: ts.Type): boolean {
  return (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Never)) === 0;
}
