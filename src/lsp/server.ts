import { fileURLToPath } from "node:url";
import {
  type Connection,
  CompletionItemKind,
  createConnection,
  DiagnosticSeverity,
  DocumentHighlightKind,
  type InitializeResult,
  MarkupKind,
  ProposedFeatures,
  SymbolKind,
  TextDocuments,
  TextDocumentSyncKind,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { registry } from "../ir/dialects/index.ts";
import type { TextRange } from "../ir/text/parse-observer.ts";
import type { Diagnostic, Severity } from "../support/diagnostic.ts";
import { filePlaceOf } from "../support/location.ts";
import { type Analysis, analyze } from "./analysis.ts";
import { type Completion, completionsAt } from "./complete.ts";
import { formatText } from "./format.ts";
import { hoverAt } from "./hover.ts";
import { type NamePlaces, placesOf } from "./navigate.ts";

/** Milliseconds without typing after which a text is read again. */
const quietTime = 150;

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  note: DiagnosticSeverity.Information,
};
const completionKinds: Readonly<Record<Completion["kind"], CompletionItemKind>> = {
  operation: CompletionItemKind.Function,
  value: CompletionItemKind.Variable,
  symbol: CompletionItemKind.Reference,
  "attribute-alias": CompletionItemKind.Constant,
  "type-alias": CompletionItemKind.Class,
};

/** Answers an editor's requests about `.mlir` texts over a connection until it is closed. */
export function serve(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  const analyses = new Map<string, { readonly version: number; readonly analysis: Analysis }>();
  const waiting = new Map<string, NodeJS.Timeout>();

  const analysisOf = (document: TextDocument): Analysis => {
    const known = analyses.get(document.uri);
    if (known?.version === document.version) return known.analysis;
    const analysis = analyze(document.getText(), pathOf(document.uri), registry);
    analyses.set(document.uri, { version: document.version, analysis });
    return analysis;
  };
  const publish = (document: TextDocument): void => {
    const { diagnostics } = analysisOf(document);
    void connection.sendDiagnostics({
      uri: document.uri,
      version: document.version,
      diagnostics: diagnostics.map((diagnostic) => protocolDiagnostic(diagnostic, document)),
    });
  };
  /** Runs `answer` on the document of a request; nothing is known of documents that are not open. */
  const withDocument = <T>(uri: string, answer: (document: TextDocument, analysis: Analysis) => T): T | undefined => {
    const document = documents.get(uri);
    return document && answer(document, analysisOf(document));
  };
  const places = (uri: string, position: { line: number; character: number }) =>
    withDocument(uri, (document, analysis) => {
      const found = placesOf(analysis, document.offsetAt(position), registry);
      return found && { document, ...found };
    });
  const locationsOf = (document: TextDocument, ranges: readonly TextRange[]) =>
    ranges.map((range) => ({ uri: document.uri, range: rangeOf(document, range) }));

  connection.onInitialize((): InitializeResult => ({
    serverInfo: { name: "weft" },
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      hoverProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      documentSymbolProvider: true,
      documentFormattingProvider: true,
      completionProvider: { triggerCharacters: ["%", "@", "#", "!", ".", '"'] },
    },
  }));

  documents.onDidChangeContent(({ document }) => {
    clearTimeout(waiting.get(document.uri));
    waiting.set(
      document.uri,
      setTimeout(() => publish(document), quietTime),
    );
  });
  documents.onDidClose(({ document }) => {
    clearTimeout(waiting.get(document.uri));
    waiting.delete(document.uri);
    analyses.delete(document.uri);
    void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });

  connection.onHover(({ textDocument, position }) =>
    withDocument(textDocument.uri, (document, analysis) => {
      const hover = hoverAt(analysis, document.offsetAt(position), registry);
      return (
        hover && {
          contents: { kind: MarkupKind.Markdown, value: hover.markdown },
          range: rangeOf(document, hover.range),
        }
      );
    }),
  );
  connection.onDefinition(({ textDocument, position }) => {
    const found = places(textDocument.uri, position);
    return found && locationsOf(found.document, found.definition ? [found.definition] : []);
  });
  connection.onReferences(({ textDocument, position, context }) => {
    const found = places(textDocument.uri, position);
    return found && locationsOf(found.document, allPlaces(found, context.includeDeclaration));
  });
  connection.onDocumentHighlight(({ textDocument, position }) => {
    const found = places(textDocument.uri, position);
    return (
      found &&
      allPlaces(found, true).map((range) => ({
        range: rangeOf(found.document, range),
        kind: range === found.definition ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
      }))
    );
  });
  connection.onDocumentSymbol(({ textDocument }) =>
    withDocument(textDocument.uri, (document, analysis) =>
      analysis.symbols.map(({ name, nameRange, operation }) => ({
        name: `@${name}`,
        detail: operation.op.name,
        kind: operation.op.regions.length > 0 ? SymbolKind.Function : SymbolKind.Variable,
        range: rangeOf(document, operation.range),
        selectionRange: rangeOf(document, nameRange),
      })),
    ),
  );
  connection.onCompletion(({ textDocument, position }) =>
    withDocument(textDocument.uri, (document, analysis) => {
      const offset = document.offsetAt(position);
      return completionsAt(document.getText(), offset, analysis, registry).map((completion) => ({
        label: completion.label,
        kind: completionKinds[completion.kind],
        detail: completion.detail,
        ...(completion.documentation === undefined
          ? {}
          : { documentation: { kind: MarkupKind.Markdown, value: completion.documentation } }),
        textEdit: { range: rangeOf(document, { start: completion.start, end: offset }), newText: completion.label },
      }));
    }),
  );
  connection.onDocumentFormatting(({ textDocument, options }) => {
    const document = documents.get(textDocument.uri);
    if (document === undefined) return undefined;
    const text = document.getText();
    const formatted = formatText(text, options.insertSpaces ? " ".repeat(options.tabSize) : "\t");
    if (formatted === text) return [];
    return [{ range: rangeOf(document, { start: 0, end: text.length }), newText: formatted }];
  });

  documents.listen(connection);
  connection.listen();
}

/** Serves the editor that started this process, over standard input and output. */
export function serveStandardStreams(): void {
  serve(createConnection(ProposedFeatures.all, process.stdin, process.stdout));
}

const rangeOf = (document: TextDocument, { start, end }: TextRange) => ({
  start: document.positionAt(start),
  end: document.positionAt(end),
});
const allPlaces = ({ definition, uses }: NamePlaces, withDefinition: boolean): readonly TextRange[] =>
  definition !== undefined && withDefinition ? [definition, ...uses] : uses;

function pathOf(uri: string): string {
  return uri.startsWith("file:") ? fileURLToPath(uri) : uri;
}

function protocolDiagnostic(diagnostic: Diagnostic, document: TextDocument) {
  const { code, severity, message, location, help, notes } = diagnostic;
  return {
    code,
    source: "weft",
    severity: severities[severity],
    message: help === undefined ? message : `${message}\n${help}`,
    range: wordAt(document, placeOf(location, document)),
    relatedInformation: notes.map((note) => ({
      message: note.message,
      location: { uri: document.uri, range: wordAt(document, placeOf(note.location, document)) },
    })),
  };
}

/** The offset that a location means in the document; its beginning where it means none. */
function placeOf(location: Diagnostic["location"], document: TextDocument): number {
  const place = filePlaceOf(location);
  if (place === undefined || place.line === 0) return 0;
  return document.offsetAt({ line: place.line - 1, character: Math.max(0, place.column - 1) });
}
/** The word or character at an offset. */
function wordAt(document: TextDocument, offset: number) {
  const [word] = /^(?:[%@#!^]?"?[\w$.#-]+"?|[^\s])?/.exec(document.getText().slice(offset, offset + 200))!;
  return rangeOf(document, { start: offset, end: offset + Math.max(1, word.length) });
}
