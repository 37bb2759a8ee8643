# Contratos.

contracts-subtitle = Sus acuerdos y sus textos
contracts-table = Contratos
contracts-search = Buscar por nombre
contracts-last-day = Último día
contracts-open-ended = Sin fecha de fin
contracts-signed-on = Firmado el
contracts-signed-by = Firmado por
contracts-not-signed = Sin firmar
contracts-details = Datos
contracts-text = Texto, revisión { $revision }
contracts-text-none = Sin texto
contracts-text-none-text = El texto de este contrato no se conserva aquí.
contracts-older-revision = Está leyendo la revisión { $revision }, que no es la más reciente.
contracts-revisions = Revisiones
contracts-revision = Revisión { $revision }
contracts-revision-added = Añadida el { $date }
contracts-empty-title = No hay contratos
contracts-empty-text = Los acuerdos con usted aparecerán aquí.
contracts-none-found-title = No se han encontrado contratos
