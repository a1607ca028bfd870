import ts from "typescript";

/** A source that is wrong in one place. */
export interface SourceMutant {
  /** Line, and what was done to what: the mutant's name. */
  readonly what: string;
  readonly source: string;
}

/** What of a policy is text for people, or a list of facts about it: no condition. */
const FACTS = new Set(
  "id area pack standards scope title why fix severity levels description types".split(" "),
);

const OPPOSITE = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [ts.SyntaxKind.LessThanToken, ">="],
  [ts.SyntaxKind.LessThanEqualsToken, ">"],
  [ts.SyntaxKind.GreaterThanToken, "<="],
  [ts.SyntaxKind.GreaterThanEqualsToken, "<"],
]);

/** The same comparison, but for two equal sides. */
const EDGE = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.LessThanToken, "<="],
  [ts.SyntaxKind.LessThanEqualsToken, "<"],
  [ts.SyntaxKind.GreaterThanToken, ">="],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">"],
]);

/** Methods whose argument decides: a text there is a constant of a condition. */
const DECIDING = new Set(["at", "is", "includes", "startsWith", "endsWith", "has", "get"]);

/**
 * Everything that can go wrong in a condition in one place: a comparison reversed or moved by one, an operand of && or || dropped, a
 * negation dropped, a condition of if or ?: negated, some and every exchanged, and a number, a switch or a compared text changed.
 */
export function sourceMutants(source: string): SourceMutant[] {
  const file = ts.createSourceFile("policy.ts", source, ts.ScriptTarget.Latest, true);
  const mutants: SourceMutant[] = [];
  const edit = (node: ts.Node, text: string, what: string): void => {
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    mutants.push({
      what: `${line}: ${what}`,
      source: source.slice(0, node.getStart()) + text + source.slice(node.getEnd()),
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isPropertyAssignment(node) && FACTS.has(node.name.getText())) return;
    for (const [text, what] of editsOf(node)) edit(node, text, what);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants;
}

type Edit = readonly [text: string, what: string];

function editsOf(node: ts.Node): Edit[] {
  if (ts.isBinaryExpression(node)) return ofBinary(node);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return [[node.operand.getText(), `${shown(node)} without its !`]];
  if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) return [];
  if (isCondition(node)) return [[`!(${node.getText()})`, `not ${shown(node)}`]];
  if (ts.isIdentifier(node) && ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) {
    if (node.text === "some") return [["every", `every in place of some in ${shown(node.parent)}`]];
    if (node.text === "every") return [["some", `some in place of every in ${shown(node.parent)}`]];
  }
  if (ts.isNumericLiteral(node)) return [[String(Number(node.text) + 1), `${node.text} + 1`]];
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [["false", "false in place of true"]];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [["true", "true in place of false"]];
  if (ts.isStringLiteral(node) && isConstant(node))
    return [[`"another ${node.text}"`, `another text than ${node.getText()}`]];
  return [];
}

function ofBinary(node: ts.BinaryExpression): Edit[] {
  const { left, right, operatorToken } = node;
  const replaced = (operator: string): Edit => [
    `${left.getText()} ${operator} ${right.getText()}`,
    `${operator} in ${shown(node)}`,
  ];
  const kind = operatorToken.kind;
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken)
    return [
      [`(${left.getText()})`, `only the left of ${shown(node)}`],
      [`(${right.getText()})`, `only the right of ${shown(node)}`],
    ];
  return [OPPOSITE.get(kind), EDGE.get(kind)].flatMap((operator) =>
    operator === undefined ? [] : [replaced(operator)],
  );
}

/** A condition of if or ?: that is no comparison and no negation, which are reversed anyway. */
function isCondition(node: ts.Node): boolean {
  const { parent } = node;
  if (parent === undefined || ts.isBinaryExpression(node) || ts.isPrefixUnaryExpression(node)) return false;
  return (
    (ts.isIfStatement(parent) && parent.expression === node) ||
    (ts.isConditionalExpression(parent) && parent.condition === node)
  );
}

/** A text that something is compared with, or looked for by. */
function isConstant(node: ts.StringLiteral): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return OPPOSITE.has(parent.operatorToken.kind);
  return (
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    DECIDING.has(parent.expression.name.text)
  );
}

function shown(node: ts.Node): string {
  const text = node.getText().replace(/\s+/g, " ");
  return text.length <= 70 ? text : `${text.slice(0, 67)}...`;
}
