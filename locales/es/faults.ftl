# Lo que puede estar mal en un campo y cómo corregirlo.

fault-required = Este dato es necesario. Indíquelo.
fault-too-long =
    { $max ->
        [one] Cabe un carácter como máximo.
       *[other] Caben { $max } caracteres como máximo. Acórtelo.
    }
fault-too-short =
    { $min ->
        [one] Se necesita al menos un carácter.
       *[other] Se necesitan al menos { $min } caracteres.
    }
fault-not-an-email = No es una dirección de correo completa. Debería parecerse a nombre@example.com.
fault-not-a-country = Elija un país de la lista.
fault-not-a-language = Elija un idioma de la lista.
fault-not-a-time-zone = Elija una zona horaria de la lista.
fault-not-a-tax-id = El número no tiene el formato de este tipo. Debería parecerse a { $example }.
fault-not-a-phone = No es un número de teléfono. Use cifras, con el prefijo del país al principio, por ejemplo +34 910 000 000.
fault-weak-password = Esta contraseña es fácil de adivinar o figura en filtraciones conocidas. Añada más palabras o elija otra.
fault-wrong-password = Esta no es su contraseña actual.
fault-unchanged = Es igual que antes.
fault-not-a-choice = Elija uno de los valores disponibles.
fault-bad-characters = Hay caracteres que no corresponden. Elimínelos.
fault-read-only = Este dato no puede cambiarse aquí.
fault-wrong-code = Este código no es correcto o ya se ha usado. Espere al siguiente y compruebe la hora de su dispositivo.
fault-taken = Ya está en uso.
fault-mistyped-code = Un carácter de este código es incorrecto, falta o está intercambiado con el de al lado. Compárelo con su vale.
fault-code-not-accepted = Este código no se puede canjear. Compruebe que lo ha escrito entero y que su vale sigue siendo válido.
fault-code-already-yours = Ya ha canjeado este vale.
fault-not-a-number = Debe ser un número entero de al menos 1.
fault-out-of-range = Debe estar entre { $min } y { $max }.
